using Trainyard.Core.Custody;
using Trainyard.Core.Protocol;
using Trainyard.Shell.Linux;
using Trainyard.Shell.Storage;

namespace Trainyard.Shell.Serving.Native;

/// <summary>
/// The answer to one GET: the layout says what lies where, the file's bytes leave with sendfile(2), and their digest is computed beside that
/// from the same pages, unless it is known at rest.
/// </summary>
internal sealed class FileAnswer : IAnswer
{
    // A longer call would keep the thread from its other connections while a fast client reads.
    private const long LongestCall = 1024 * 1024;

    // After so many bytes what the digest has come to is journalled: whoever goes on reads no more than that again.
    private const long SavedEvery = 16 * 1024 * 1024;

    private readonly StoredFile _file;
    private readonly ResponseLayout _layout;
    private readonly Action _wake;
    private readonly bool _isKnown;
    private readonly ContentDigest? _computed;
    private JournalAnswer.File _record;
    private Opaque _digest;
    private long _position;
    private long _digestedTo;
    private long _savedAt;
    private Task<bool>? _catchingUp;

    private FileAnswer(StoredFile file, ResponseLayout layout, JournalAnswer.File record, long position, Action wake)
    {
        (_file, _layout, _record, _position, _wake) = (file, layout, record, position, wake);
        // What is small is computed faster than looked up.
        if (IsWhole && !IsSmall && file.StoredDigest(layout.Meta.Algorithm) is { } known)
            (_digest, _isKnown) = (known, true);
        else if (!IsSmall || position > 0)
        {
            _computed = ContentDigest.Restore(layout.Meta.Algorithm, record.Digest, out var digested);
            _digestedTo = _savedAt = layout.Offset + digested;
        }
    }

    /// <summary>What another worker needs to go on with it.</summary>
    public JournalAnswer.File Record => _record;

    /// <summary>Its bytes on the wire.</summary>
    public long Length => _layout.Length;

    /// <summary>The file's bytes that have left.</summary>
    public long Offset => _layout.Offset + _layout.FileBytesBefore(_position);

    /// <summary>The file's size, in bytes.</summary>
    public long Size => _layout.Meta.Size;

    private bool IsSmall => SmallFile.Is(_layout);

    private bool IsWhole => _layout.FileBytes == _layout.Meta.Size;

    private bool IsLate => Offset - _digestedTo > 2 * SavedEvery;

    /// <summary>Opens the file, if it is there and the one that is meant.</summary>
    /// <param name="tree">What is served.</param>
    /// <param name="get">What is asked for.</param>
    /// <param name="algorithm">The session's algorithm.</param>
    /// <param name="trainSize">How long trains are.</param>
    /// <param name="wake">Called, on another thread, when a digest is there that had to be waited for.</param>
    public static StoreResult<FileAnswer> Open(ServedTree tree, Message.Get get, HashAlgorithm algorithm, int trainSize, Action wake)
    {
        var opened = tree.OpenFileAgain(get.Path, get.IfIdentity);
        if (opened.Value is not { } file)
            return new(opened.Failure!);
        if (get.Range == default && file.Whole is { } whole && whole.Layout.Meta.TrainSize == trainSize && whole.Layout.Meta.Algorithm == (get.Algorithm ?? algorithm))
            return new(new FileAnswer(file, whole.Layout, whole.Record, 0, wake));
        var meta = new Message.Meta(file.Size, file.Modified, file.Mode, file.Identity, trainSize, get.Algorithm ?? algorithm);
        switch (ResponseLayout.Create(get.Range, meta).Case)
        {
            case ResponseLayout layout:
                var record = new JournalAnswer.File(get.Path, get.Range, meta);
                if (get.Range == default)
                    file.Whole = new(layout, record);
                return new(new FileAnswer(file, layout, record, 0, wake));
            case ResponseLayoutError.RangeOutside(var offset, var size):
                file.Dispose();
                return new(Failure.Of(ErrorCode.Usage, $"byte {offset} lies behind the end of a file of {size} bytes"));
            case ResponseLayoutError.TooLarge:
                file.Dispose();
                return new(Failure.Of(ErrorCode.TooLarge, "the file is too long for trains of this size"));
            default:
                file.Dispose();
                return new(Failure.Of(ErrorCode.Internal));
        }
    }

    /// <summary>Goes on with an answer that another worker has begun.</summary>
    /// <param name="file">The file, found to be the same; owned.</param>
    /// <param name="record">What the other has journalled.</param>
    /// <param name="position">How much of it was sent.</param>
    /// <param name="wake">As in <see cref="Open"/>.</param>
    /// <returns><c>null</c> where the record describes no answer.</returns>
    public static FileAnswer? Resume(StoredFile file, JournalAnswer.File record, long position, Action wake)
    {
        if (ResponseLayout.Create(record.Range, record.Meta).Case is ResponseLayout layout)
            return new(file, layout, record, position, wake);
        file.Dispose();
        return null;
    }

    /// <inheritdoc/>
    public AnswerTurn Advance(SessionWire wire)
    {
        if (IsSmall && _position == 0)
            return Gather(wire);
        var part = _layout.PartAt(_position);
        switch (part.Kind)
        {
            case ResponsePartKind.File:
                return wire.Flush(more: true) is var flushed and not AnswerTurn.Done ? flushed : Send(wire, part);
            case ResponsePartKind.Digest:
                return Finish(wire);
            default:
                if (_position == _layout.FinAt && !_file.IsUnchanged())
                    return Changed(wire);
                var length = (int)part.Length;
                _layout.CopyLiteral(_position, wire.Output.Reserve(length));
                wire.Output.Commit(length);
                _position += length;
                return AnswerTurn.Moved;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // A thread that still reads has the descriptor for itself until it is done.
        if (_catchingUp is { IsCompleted: false } reading)
            _ = reading.ContinueWith(
                static (_, answer) => ((FileAnswer)answer!).Close(), this, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        else
            Close();
    }

    private void Close()
    {
        _computed?.Dispose();
        _file.Dispose();
    }

    private AnswerTurn Gather(SessionWire wire)
    {
        var length = (int)_layout.Length;
        if (!SmallFile.Fill(_file, _layout, wire.Output.Reserve(length)) || !_file.IsUnchanged())
            return Changed(wire);
        wire.Output.Commit(length);
        _position = length;
        return AnswerTurn.Done;
    }

    private AnswerTurn Send(SessionWire wire, ResponsePart part)
    {
        var sent = wire.SendFile(_file.Descriptor, part.Offset, Math.Min(LongestCall, part.Length));
        if (sent.WouldBlock)
            return AnswerTurn.Blocked;
        if (sent.Error == Errno.InputOutput || sent is { IsOk: true, Count: 0 })
            return AnswerTurn.Broken;
        if (!sent.IsOk)
            return wire.Lost(sent.Error);
        _position += sent.Count;
        if (_isKnown || IsLate)
            return AnswerTurn.Moved;
        if (!Compute(wire.Scratch, Offset))
            return AnswerTurn.Broken;
        if (wire.Journal.IsKept && Offset - _savedAt >= SavedEvery && _computed!.Save() is { IsEmpty: false } saved)
        {
            _savedAt = Offset;
            _record = _record with { Digest = saved };
            wire.Journal.UpdateFirst(_record);
        }
        return AnswerTurn.Moved;
    }

    private bool Compute(Span<byte> scratch, long end)
    {
        while (_digestedTo < end)
        {
            var piece = scratch[..(int)Math.Min(scratch.Length, end - _digestedTo)];
            if (!_file.Read(piece, _digestedTo))
                return false;
            _computed!.Append(piece);
            _digestedTo += piece.Length;
        }
        return true;
    }

    private AnswerTurn Finish(SessionWire wire)
    {
        if (!_isKnown)
        {
            if (CatchUp(wire) is var turn and not AnswerTurn.Done)
                return turn;
            _digest = _computed!.Finish();
            if (IsWhole)
                _file.StoreDigest(_layout.Meta.Algorithm, _digest);
        }
        Span<byte> tail = stackalloc byte[_layout.TailLength];
        _layout.CopyTail(_digest, tail);
        wire.Output.Write(tail[(int)(_position - _layout.DigestAt)..]);
        _position = _layout.Length;
        return AnswerTurn.Done;
    }

    /// <summary>Brings the digest to the end, on another thread where that takes long: an algorithm whose state cannot be saved begins anew with each worker.</summary>
    private AnswerTurn CatchUp(SessionWire wire)
    {
        if (_catchingUp is null && !IsLate)
            return Compute(wire.Scratch, Offset) ? AnswerTurn.Done : AnswerTurn.Broken;
        if (_catchingUp is null)
        {
            _catchingUp = Task.Run(() => Compute(GC.AllocateUninitializedArray<byte>(wire.Scratch.Length), Offset));
            _catchingUp.GetAwaiter().OnCompleted(_wake);
        }
        return !_catchingUp.IsCompleted ? AnswerTurn.Working : _catchingUp.GetAwaiter().GetResult() ? AnswerTurn.Done : AnswerTurn.Broken;
    }

    private static AnswerTurn Changed(SessionWire wire)
    {
        if (wire.Flush() is var flushed and not AnswerTurn.Done)
            return flushed;
        wire.SayInstead(new Failure(ErrorCode.Changed, "the file changed while it was sent", IsRetryable: true, RetryAfter: null));
        return AnswerTurn.Refused;
    }
}
