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
    // A file of so few bytes is copied into the gathered output, so that its whole answer leaves in one call with its neighbours.
    private const int Small = 32 * 1024;

    // A longer call would keep the thread from its other connections while a fast client reads.
    private const long LongestCall = 1024 * 1024;

    private readonly StoredFile _file;
    private readonly ResponseLayout _layout;
    private readonly ContentDigest? _computed;
    private Opaque _digest;
    private long _position;

    private FileAnswer(StoredFile file, ResponseLayout layout)
    {
        _file = file;
        _layout = layout;
        if (IsWhole && file.StoredDigest(layout.Meta.Algorithm) is { } known)
            _digest = known;
        else
            _computed = new ContentDigest(layout.Meta.Algorithm);
    }

    /// <summary>The file's bytes that have left.</summary>
    public long Offset => _layout.Offset + _layout.FileBytesBefore(_position);

    /// <summary>The file's size, in bytes.</summary>
    public long Size => _layout.Meta.Size;

    private bool IsWhole => _layout.FileBytes == _layout.Meta.Size;

    /// <summary>Opens the file, if it is there and the one that is meant.</summary>
    public static StoreResult<FileAnswer> Open(ServedTree tree, Message.Get get, HashAlgorithm algorithm, int trainSize)
    {
        var opened = tree.OpenFile(get.Path, get.IfIdentity);
        if (opened.Value is not { } file)
            return new(opened.Failure!);
        var meta = new Message.Meta(file.Size, file.Modified, file.Mode, file.Identity, trainSize, get.Algorithm ?? algorithm);
        switch (ResponseLayout.Create(get.Range, meta).Case)
        {
            case ResponseLayout layout:
                return new(new FileAnswer(file, layout));
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

    /// <inheritdoc/>
    public AnswerTurn Advance(SessionWire wire)
    {
        if (_layout.FileBytes <= Small && _position == 0)
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
        _computed?.Dispose();
        _file.Dispose();
    }

    private AnswerTurn Gather(SessionWire wire)
    {
        var length = (int)_layout.FinAt;
        var room = wire.Output.Reserve(length);
        for (var at = 0; at < length;)
        {
            var part = _layout.PartAt(at);
            var to = room.Slice(at, (int)Math.Min(part.Length, length - at));
            if (part.Kind == ResponsePartKind.File)
            {
                if (!_file.Read(to, part.Offset))
                    return Changed(wire);
                _computed?.Append(to);
            }
            else
                _layout.CopyLiteral(at, to);
            at += to.Length;
        }
        if (!_file.IsUnchanged())
            return Changed(wire);
        wire.Output.Commit(length);
        _position = length;
        return AnswerTurn.Moved;
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
        if (_computed is not null && !Compute(wire.Scratch, part.Offset, sent.Count))
            return AnswerTurn.Broken;
        _position += sent.Count;
        return AnswerTurn.Moved;
    }

    private bool Compute(Span<byte> scratch, long offset, long count)
    {
        while (count > 0)
        {
            var piece = scratch[..(int)Math.Min(scratch.Length, count)];
            if (!_file.Read(piece, offset))
                return false;
            _computed!.Append(piece);
            offset += piece.Length;
            count -= piece.Length;
        }
        return true;
    }

    private AnswerTurn Finish(SessionWire wire)
    {
        if (_computed is not null)
        {
            _digest = _computed.Finish();
            if (IsWhole)
                _file.StoreDigest(_layout.Meta.Algorithm, _digest);
        }
        _layout.CopyTail(_digest, wire.Output.Reserve(_layout.TailLength));
        wire.Output.Commit(_layout.TailLength);
        _position = _layout.Length;
        return AnswerTurn.Done;
    }

    private static AnswerTurn Changed(SessionWire wire)
    {
        wire.Say(new Failure(ErrorCode.Changed, "the file changed while it was sent", IsRetryable: true, RetryAfter: null));
        return AnswerTurn.Refused;
    }
}
