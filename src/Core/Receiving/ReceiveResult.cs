namespace Trainyard.Core.Receiving;

/// <summary>What one receive call gave, as recv(2), read(2) or splice(2) report it.</summary>
/// <remarks><c>default</c> is <see cref="WouldBlock"/>.</remarks>
public readonly record struct ReceiveResult
{
    private ReceiveResult(ReceiveResultKind kind, long value)
    {
        Kind = kind;
        Value = value;
    }

    /// <summary>Nothing is there yet (EAGAIN, EWOULDBLOCK).</summary>
    public static ReceiveResult WouldBlock => default;

    /// <summary>A signal came before any byte did (EINTR).</summary>
    public static ReceiveResult Interrupted => new(ReceiveResultKind.Interrupted, 0);

    /// <summary>The peer has closed its sending side (a return of 0).</summary>
    public static ReceiveResult EndOfStream => new(ReceiveResultKind.EndOfStream, 0);

    /// <summary>Which of the results it is.</summary>
    public ReceiveResultKind Kind { get; }

    /// <summary>The count of <see cref="ReceiveResultKind.Bytes"/>, the error number of <see cref="ReceiveResultKind.Failed"/>, else 0.</summary>
    public long Value { get; }

    /// <summary>Bytes came.</summary>
    /// <param name="count">How many, as the call returned it. 0 is what the kernel says at the end of the stream, and means it.</param>
    public static ReceiveResult Bytes(long count) => count == 0 ? EndOfStream : new(ReceiveResultKind.Bytes, count);

    /// <summary>The call failed with an error number that is none of the above.</summary>
    public static ReceiveResult Failed(int errno) => new(ReceiveResultKind.Failed, errno);
}
