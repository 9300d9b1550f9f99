using Trainyard.Core.Protocol;
using Trainyard.Shell.Storage;

namespace Trainyard.Shell.Serving.Native;

/// <summary>The answer to HASH: the file is read piece by piece, so that other connections have their turns in between.</summary>
internal sealed class HashAnswer : IAnswer
{
    // Size, identity, digest of the whole, and what frames them.
    private const int RoomForTheRest = 512;

    private readonly StoredFile _file;
    private readonly Message.Hash _request;
    private readonly HashAlgorithm _algorithm;
    private readonly ContentDigest _whole;
    private readonly ContentDigest _block;
    private readonly MemoryStream _blocks = new();
    private readonly long _end;
    private long _offset;
    private int _inBlock;

    private HashAnswer(StoredFile file, Message.Hash request, HashAlgorithm algorithm)
    {
        _file = file;
        _request = request;
        _algorithm = algorithm;
        _whole = new ContentDigest(algorithm);
        _block = new ContentDigest(algorithm);
        _offset = request.Range.Offset;
        _end = _offset + request.Range.CoveredOf(file.Size);
    }

    /// <summary>Opens the file, if it is there and the one that is meant.</summary>
    /// <param name="tree">What is served.</param>
    /// <param name="request">What is asked for.</param>
    /// <param name="session">The session's algorithm.</param>
    /// <param name="maximumControl">The longest control body that the client accepts, in bytes.</param>
    public static StoreResult<HashAnswer> Open(ServedTree tree, Message.Hash request, HashAlgorithm session, int maximumControl)
    {
        var opened = tree.OpenFile(request.Path, request.IfIdentity);
        if (opened.Value is not { } file)
            return new(opened.Failure!);
        var algorithm = request.Algorithm ?? session;
        var refused = Refuse(request, file.Size, algorithm, maximumControl);
        if (refused is null)
            return new(new HashAnswer(file, request, algorithm));
        file.Dispose();
        return new(refused);
    }

    private bool IsWhole => _request.Range.CoveredOf(_file.Size) == _file.Size;

    /// <inheritdoc/>
    public AnswerTurn Advance(SessionWire wire)
    {
        if (_offset == _end)
            return Answer(wire, Finish());
        if (_request.BlockSize == 0 && IsWhole && _file.StoredDigest(_algorithm) is { } known)
            return Answer(wire, known);
        var length = Math.Min(wire.Scratch.Length, _end - _offset);
        if (_request.BlockSize > 0)
            length = Math.Min(length, _request.BlockSize - _inBlock);
        var piece = wire.Scratch[..(int)length];
        if (!_file.Read(piece, _offset))
            return Changed(wire);
        _whole.Append(piece);
        _offset += piece.Length;
        if (_request.BlockSize > 0)
            AppendToBlock(piece);
        return AnswerTurn.Moved;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _whole.Dispose();
        _block.Dispose();
        _blocks.Dispose();
        _file.Dispose();
    }

    private static Failure? Refuse(Message.Hash request, long size, HashAlgorithm algorithm, int maximumControl)
    {
        if (request.Range.Offset > size)
            return Failure.Of(ErrorCode.Usage, $"byte {request.Range.Offset} lies behind the end of a file of {size} bytes");
        var blocks = request.BlockSize == 0 ? 0 : request.Range.CoveredOf(size) / request.BlockSize + 1;
        return blocks > (maximumControl - RoomForTheRest) / HashAlgorithms.DigestLength(algorithm)
            ? Failure.Of(ErrorCode.TooLarge, "the digests of so many blocks are longer than your limit: ask for a shorter range")
            : null;
    }

    private void AppendToBlock(ReadOnlySpan<byte> piece)
    {
        _block.Append(piece);
        _inBlock += piece.Length;
        if (_inBlock < _request.BlockSize && _offset < _end)
            return;
        _blocks.Write(_block.Finish().Span);
        _inBlock = 0;
    }

    private Opaque Finish()
    {
        var digest = _whole.Finish();
        if (IsWhole && _file.IsUnchanged())
            _file.StoreDigest(_algorithm, digest);
        return digest;
    }

    private AnswerTurn Answer(SessionWire wire, Opaque digest)
    {
        if (!_file.IsUnchanged())
            return Changed(wire);
        var answer = new Message.HashAnswer(_file.Size, _file.Identity, _algorithm, digest, new(_blocks.GetBuffer().AsSpan(0, (int)_blocks.Length)));
        return wire.Say(answer) is null ? AnswerTurn.Done : throw new InvalidOperationException("digests that cannot be sent");
    }

    private static AnswerTurn Changed(SessionWire wire)
    {
        wire.Say(new Failure(ErrorCode.Changed, "the file changed while it was read", IsRetryable: true, RetryAfter: null));
        return AnswerTurn.Refused;
    }
}
