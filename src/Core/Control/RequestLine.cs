using LanguageExt;

namespace Trainyard.Core.Control;

/// <summary>Where a request's line stands while its bytes come in, in whatever pieces.</summary>
/// <param name="Length">Bytes of the line that have come, without its line feed; <c>0 .. </c><see cref="ControlProtocol.MaximumLineBytes"/>.</param>
/// <param name="IsComplete">Whether the line feed has come.</param>
public readonly record struct RequestLine(int Length, bool IsComplete)
{
    /// <summary>Takes the next piece into account.</summary>
    /// <param name="piece">The bytes that came; they go behind those that came before.</param>
    /// <returns>
    /// The line with the piece; or that it is too long, which is said before the line's end is seen, or that something follows its end.
    /// </returns>
    public Either<ControlError, RequestLine> Add(ReadOnlySpan<byte> piece)
    {
        if (piece.IsEmpty)
            return this;
        if (IsComplete)
            return new ControlError.Trailing();
        var end = piece.IndexOf((byte)'\n');
        if (Length + (end < 0 ? piece.Length : end) >= ControlProtocol.MaximumLineBytes)
            return new ControlError.TooLong(ControlProtocol.MaximumLineBytes);
        if (end < 0)
            return this with { Length = Length + piece.Length };
        return end == piece.Length - 1 ? new RequestLine(Length + end, IsComplete: true) : new ControlError.Trailing();
    }

    /// <summary>What the stream's end means; <c>null</c> where nothing had begun or everything had come.</summary>
    public ControlError? End() => Length > 0 && !IsComplete ? new ControlError.HalfLine(Length) : null;
}
