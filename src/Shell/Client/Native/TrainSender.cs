using Trainyard.Core.Framing;

namespace Trainyard.Shell.Client.Native;

/// <summary>Cuts a source into data trains, sends them, and computes their digest and the whole file's beside.</summary>
internal sealed class TrainSender : IDisposable
{
    // Below this one send costs less than a header and sendfile(2).
    private const int LeastSendFile = 64 * 1024;
    private const int BufferBytes = 256 * 1024;

    private readonly IUploadSource _source;
    private readonly Action _sent;
    private readonly Digester _part;
    private readonly Digester _whole;
    private readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(BufferBytes, pinned: true);
    private long _start;

    /// <summary>A sender that stands at the first byte.</summary>
    /// <param name="source">The bytes; stays the caller's.</param>
    /// <param name="algorithm">How digests are computed.</param>
    /// <param name="sent">Told after each train.</param>
    public TrainSender(IUploadSource source, DigestAlgorithm algorithm, Action sent)
    {
        _source = source;
        _sent = sent;
        _part = new(algorithm);
        _whole = new(algorithm);
    }

    /// <summary>The next byte to send.</summary>
    public long Position { get; private set; }

    /// <summary>Bytes that were sent, all tries together.</summary>
    public long Moved { get; private set; }

    /// <summary>The digest of all bytes up to <see cref="Position"/>, once the stream is finished.</summary>
    public byte[] WholeDigest { get; private set; } = [];

    /// <summary>Begins a stream at a position. The bytes before it are hashed for the whole file's digest.</summary>
    /// <exception cref="TransferException">The source cannot go there.</exception>
    public void Begin(long offset)
    {
        if (Moved > 0 && !_source.CanRepeat)
            throw new TransferException(TransferFailure.Interrupted, "the connection broke, and the stream cannot be read a second time");
        _part.FinishBytes();
        _whole.FinishBytes();
        _start = offset;
        for (Position = 0; Position < offset;)
        {
            var count = _source.Read(Position, _buffer.AsSpan(0, (int)Math.Min(_buffer.Length, offset - Position)));
            if (count == 0)
                throw NativeFailure.Changed("the source");
            _whole.Append(_buffer.AsSpan(0, count));
            Position += count;
        }
    }

    /// <summary>Sends one train.</summary>
    /// <returns>Whether there was anything left to send.</returns>
    /// <exception cref="TransferException">The source cannot be read, or the connection broke.</exception>
    public bool SendTrain(NativeSession session, int trainSize)
    {
        var file = session.CanSendFile ? _source.File : null;
        var longest = file is null ? Math.Min(trainSize, _buffer.Length) : trainSize;
        var count = Hash((int)Math.Min(longest, (_source.Size ?? long.MaxValue) - Position));
        if (count == 0)
            return false;
        TrainCodec.TryEncode(Header(count), session.QueueBytes(TrainHeader.Size));
        if (count < LeastSendFile)
            _buffer.AsSpan(0, count).CopyTo(session.QueueBytes(count));
        else if (file is null)
            session.Send(_buffer.AsSpan(0, count));
        else if (!session.SendFile(file, Position, count))
            throw NativeFailure.Changed("the source");
        Position += count;
        Moved += count;
        _sent();
        return true;
    }

    /// <summary>Ends the stream.</summary>
    /// <returns>What it carried.</returns>
    public (long Sent, byte[] Digest) Finish()
    {
        var digest = _part.FinishBytes();
        WholeDigest = _start > 0 ? _whole.FinishBytes() : digest;
        return (Position - _start, digest);
    }

    // Hashed before it is sent: what the file has no more is not announced. What fits into the buffer is in it afterwards.
    private int Hash(int wanted)
    {
        for (var count = 0; ;)
        {
            var read = count >= wanted ? 0 : _source.Read(Position + count, _buffer.AsSpan(0, Math.Min(wanted - count, _buffer.Length)));
            if (read == 0)
                return count;
            var bytes = _buffer.AsSpan(0, read);
            _part.Append(bytes);
            if (_start > 0)
                _whole.Append(bytes);
            count += read;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _part.Dispose();
        _whole.Dispose();
    }

    private static TrainHeader Header(int count) => TrainHeader.FromWord((uint)count);
}
