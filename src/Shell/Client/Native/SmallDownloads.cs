using Trainyard.Core.Protocol;
using Trainyard.Shell.Linux;
using Trainyard.Shell.Storage;

namespace Trainyard.Shell.Client.Native;

/// <summary>
/// Small files one behind the other: requests are sent ahead, so that no file costs a round trip. How much is on its way is bounded, by the
/// server's limit of requests and in bytes. Used by one thread.
/// </summary>
internal sealed class SmallDownloads(
    TrainAddress server, Attempts attempts, LocalTarget target, TreeOptions options, DigestAlgorithm algorithm, TreeTally tally) : IDisposable
{
    /// <summary>A file of more is fetched by itself.</summary>
    internal const long MostBytes = 1024 * 1024;

    private const long MostInFlight = 16 * 1024 * 1024;
    private const int MostUnsent = 64 * 1024;
    private const int MostDamaged = 3;

    private readonly Queue<TreeItem> _asked = [];
    private readonly Stack<TreeItem> _again = [];
    private readonly ContentDigest _digest = new(algorithm.OnTheWire());
    private long _inFlight;
    private LocalPlace? _place;
    private byte[] _parentPath = [];
    private FileDescriptor? _parent;
    private int? _modeOfParent;
    private IncomingParts? _parts;
    private BlockWriter? _writer;
    private NamelessFile? _nameless;
    private Message.Meta? _meta;
    private long _moved;
    private TransferException? _failure;

    /// <summary>Downloads all that <paramref name="next"/> gives, until it gives none.</summary>
    /// <exception cref="TransferException">The server is lost.</exception>
    public void Run(Func<TreeItem?> next) => attempts.Run(session => Try(session, next));

    /// <inheritdoc/>
    public void Dispose()
    {
        Close();
        _parent?.Dispose();
        _digest.Dispose();
    }

    private bool Try(NativeSession session, Func<TreeItem?> next)
    {
        // What the last session left open is asked for once more.
        tally.Moved(-_moved, null);
        Close();
        _failure = null;
        while (_asked.TryDequeue(out var open))
            _again.Push(open);
        _inFlight = 0;
        while (true)
        {
            while (session.MayAsk && _inFlight < MostInFlight && session.Unsent < MostUnsent && Next(next) is { } item)
            {
                session.Ask(new Message.Get(item.Entry.Path.Remote!, default, default, algorithm.OnTheWire()));
                _asked.Enqueue(item);
                _inFlight += item.Entry.Size;
            }
            if (_asked.Count == 0)
                return true;
            var step = session.Next(out var data);
            Take(session, step, data);
        }
    }

    private TreeItem? Next(Func<TreeItem?> next) => _again.TryPop(out var item) ? item : next();

    private void Take(NativeSession session, ClientStep step, ReadOnlySpan<byte> data)
    {
        switch (step.Action)
        {
            case ClientAction.Meta:
                Locally(() => Open((Message.Meta)step.Message!, _asked.Peek()));
                break;
            case ClientAction.Data:
                _digest.Append(data);
                if (_failure is null)
                    Write(data);
                break;
            case ClientAction.Fin:
                End(session.Verify(_digest.Finish().Span));
                break;
            case ClientAction.Refused:
                _failure = NativeFailure.Of(session.Name(_asked.Peek().Entry.Path), ((Message.Error)step.Message!).Failure);
                _ = _digest.Finish();
                End(isAsAnnounced: true);
                break;
        }
    }

    private void Open(Message.Meta meta, TreeItem item)
    {
        _meta = meta;
        var place = PlaceOf(item.Path);
        // What is to wait for the disk, or has become longer than the listing said, goes the way of the large ones.
        if (!options.Durable && meta.Size <= MostBytes && (_nameless = NamelessFile.Make(place.Directory, (uint?)Mode ?? Permissions.NewFile)) is not null)
            return;
        if (!target.IsNew)
            place.Check(noClobber: false);
        _place = place;
        _parts = IncomingParts.Open(_place, _place.KeyOf(server, item.Entry.Path), meta, isPrivate: options.KeepAttributes, options.Durable, prefix: null);
        _writer = _parts.WriterAt(0);
    }

    // Files of one directory come one after another: it stays open for the next one.
    private LocalPlace PlaceOf(byte[] path)
    {
        var parent = LocalTarget.ParentOf(path);
        if (_parent is not null && parent.SequenceEqual(_parentPath))
            return target.PlaceIn(_parent, path);
        _parent?.Dispose();
        _parent = null;
        _modeOfParent = null;
        var place = target.PlaceOf(path);
        (_parent, _parentPath) = (place.Directory, parent.ToArray());
        return place;
    }

    private void Write(ReadOnlySpan<byte> data)
    {
        try
        {
            if (_nameless?.Write(data) is { } error and not Errno.None)
                throw LocalFailure.Of($"cannot write {target.NameOf(_asked.Peek().Path)}", error);
            _parts?.Write(_writer!, data);
            _moved += data.Length;
            tally.Moved(data.Length, _asked.Peek().Path);
        }
        catch (TransferException failure)
        {
            _failure = failure;
        }
    }

    private void End(bool isAsAnnounced)
    {
        var item = _asked.Dequeue();
        _inFlight -= item.Entry.Size;
        attempts.Progressed();
        if (_failure is null && isAsAnnounced)
            Locally(() => Publish(item));
        else if (_failure is null && ++item.Damaged < MostDamaged)
            _again.Push(item);
        else
            _failure ??= NativeFailure.Damaged(target.NameOf(item.Path));
        if (_failure is not null)
        {
            _parts?.Discard();
            tally.Moved(-_moved, null);
            if (_failure.Reason == TransferFailure.Exists && options.NoClobber)
                tally.Skipped(item.Entry.Size);
            else
                tally.Failed(item.Path, _failure);
        }
        else if (isAsAnnounced)
            tally.File(_meta!.Size);
        else
            tally.Moved(-_moved, null);
        _failure = null;
        Close();
    }

    private void Publish(TreeItem item)
    {
        var how = new PublishOptions(
            _nameless is not null && Mode is { } mode && IsMadeWith(mode) ? null : Mode,
            options.KeepAttributes ? _meta!.Modified : null,
            options.NoClobber,
            options.Durable);
        _parts?.Publish(how);
        switch (_nameless?.Publish(item.Path.AsSpan(item.Path.AsSpan().LastIndexOf((byte)'/') + 1), how) ?? Errno.None)
        {
            case Errno.None:
                return;
            case Errno.Exists when options.NoClobber:
                throw PlaceOf(item.Path).Taken();
            case var error:
                PlaceOf(item.Path).Check(noClobber: false);
                throw LocalFailure.Of($"cannot write {target.NameOf(item.Path)}", error);
        }
    }

    private int? Mode => options.KeepAttributes ? _meta!.Mode & FileDownload.KeptMode : null;

    // Umask and default ACL are the same for all files of a directory: where one was made with the mode that it was to have, so are those like it.
    private bool IsMadeWith(int mode)
    {
        if (_modeOfParent != mode && _nameless!.Mode == mode)
            _modeOfParent = mode;
        return _modeOfParent == mode;
    }

    private void Close()
    {
        _parts?.Dispose();
        _parts = null;
        _nameless?.Dispose();
        _nameless = null;
        _place = null;
        _writer = null;
        _moved = 0;
    }

    // What fails here ends this file; the rest of its answer is stepped over, and the session goes on.
    private void Locally(Action work)
    {
        try
        {
            work();
        }
        catch (TransferException failure)
        {
            _failure = failure;
        }
    }
}
