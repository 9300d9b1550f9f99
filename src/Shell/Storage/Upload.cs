using Trainyard.Core.Protocol;
using Trainyard.Shell.Linux;

namespace Trainyard.Shell.Storage;

/// <summary>A file that a client is sending. The file it replaces stays whole until the last moment.</summary>
/// <remarks>For one thread at a time; that may be another one for <see cref="Commit"/>, also when the tree is closed by then.</remarks>
internal sealed class Upload : IUpload
{
    private readonly PartialFile _file;
    private readonly UploadTarget _target;
    private readonly BlockWriter _writer;
    private readonly ContentDigest _stream;
    private readonly ContentDigest? _whole;

    /// <summary>An upload that may begin. Owns all that it is given.</summary>
    /// <param name="file">Where the bytes go.</param>
    /// <param name="target">What becomes of them.</param>
    /// <param name="token">What its client goes on with after a break.</param>
    /// <param name="whole">The digest of the bytes that are there already; <c>null</c> where there are none.</param>
    public Upload(PartialFile file, UploadTarget target, Opaque token, ContentDigest? whole)
        : this(file, target, token, file.ProvenPrefix, file.WriterAt(file.ProvenPrefix), new(target.Algorithm), whole)
    {
    }

    /// <summary>An upload that another process has begun, where it stopped. Owns all that it is given.</summary>
    /// <param name="file">Where the bytes go.</param>
    /// <param name="target">What becomes of them.</param>
    /// <param name="token">What its client goes on with after a break.</param>
    /// <param name="offset">From which byte on the client sends.</param>
    /// <param name="writer">Writes behind what has come.</param>
    /// <param name="stream">The digest of what has come from the offset on.</param>
    /// <param name="whole">The digest of all that has come; <c>null</c> where the offset is 0.</param>
    public Upload(PartialFile file, UploadTarget target, Opaque token, long offset, BlockWriter writer, ContentDigest stream, ContentDigest? whole)
    {
        (_file, _target, Token, Offset, _writer, _stream, _whole) = (file, target, token, offset, writer, stream, whole);
    }

    /// <inheritdoc/>
    public long Offset { get; }

    /// <inheritdoc/>
    public Opaque Token { get; }

    /// <inheritdoc/>
    public Opaque Stored => _file.Stored;

    /// <inheritdoc/>
    public (Opaque Stream, Opaque Whole) Save() => (_stream.Save(), _whole?.Save() ?? default);

    /// <inheritdoc/>
    public void LeaveAsItIs() => _file.LeaveAsItIs();

    /// <inheritdoc/>
    public Failure? Write(ReadOnlySpan<byte> bytes)
    {
        var error = _writer.Write(bytes);
        if (error != Errno.None)
            return Over(FailureOf(error));
        _stream.Append(bytes);
        _whole?.Append(bytes);
        return null;
    }

    /// <summary>Stores the file under its name, durably, if it is what the client says. May take long (fsync(2)).</summary>
    /// <param name="total">How many bytes the client says it sent.</param>
    /// <param name="digest">The digest that it says they have.</param>
    /// <returns>
    /// What is stored; or why not: then what was under the name is still there. Bytes that are not those that were sent are thrown away.
    /// </returns>
    public StoreResult<Message.Committed> Commit(long total, Opaque digest)
    {
        var isWhole = _writer.Position == Offset + total && _writer.Position == (_file.Size ?? _writer.Position);
        var actual = _stream.Finish();
        if (!isWhole || actual != digest)
        {
            _file.Discard();
            return new(Failure.Of(ErrorCode.Integrity, isWhole ? "another digest" : "another number of bytes"));
        }
        var ofFile = _whole?.Finish() ?? actual;
        var error = _target.Publish(_file, ofFile, out var identity);
        return error == Errno.None ? new(new Message.Committed(identity, ofFile)) : new(Over(FailureOf(error)));
    }

    /// <inheritdoc/>
    public void Keep() => _file.Keep();

    /// <inheritdoc/>
    public void Discard() => _file.Discard();

    /// <inheritdoc/>
    public void Dispose()
    {
        _file.Dispose();
        _target.Dispose();
        _stream.Dispose();
        _whole?.Dispose();
    }

    // Who cannot try again throws the token away: nobody would go on with what is there.
    private Failure Over(Failure failure)
    {
        if (!failure.IsRetryable)
            _file.Discard();
        return failure;
    }

    private Failure FailureOf(Errno error) =>
        _target.Refusal
        ?? (_file.IsTakenOver ? StoreFailure.TakenOver
            : error == Errno.FileTooBig && _file.Size is not null ? Failure.Of(ErrorCode.TooLarge, "more bytes than were announced")
            : StoreFailure.Of(error));
}
