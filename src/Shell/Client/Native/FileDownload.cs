using System.Collections.Concurrent;
using Trainyard.Core.Protocol;
using Trainyard.Shell.Linux;
using Trainyard.Shell.Storage;

namespace Trainyard.Shell.Client.Native;

/// <summary>
/// One file to a local path. What an earlier try has brought is gone on with as long as the server's file is the same. It gets its name only when
/// every byte of it is covered by a digest of the server's: FIN's where it came in one piece, else that of the whole file; where that differs,
/// the blocks that differ are fetched alone.
/// </summary>
internal sealed class FileDownload : IDisposable
{
    /// <summary>From this size on a file is fetched in parallel ranges.</summary>
    internal const long LeastParallel = 64 * 1024 * 1024;

    /// <summary>What is kept of a mode: who may become somebody else by running a file is not for a server to say.</summary>
    internal const int KeptMode = 0x3FF;

    private const long ParallelPiece = 32 * 1024 * 1024;
    private const int MostRepairs = 3;
    private const int MostBeginnings = 4;

    private readonly SessionPool _pool;
    private readonly Call _call;
    private readonly Attempts _attempts;
    private readonly TrainPath _path;
    private readonly LocalPlace _place;
    private readonly DownloadOptions _options;
    private readonly DigestAlgorithm _algorithm;
    private readonly string _key;
    private readonly ContentDigest _whole;
    private readonly Func<TransferProgress> _progress;
    private readonly Action _moved;
    private IncomingParts? _parts;
    private int _otherReconnects;
    private bool _isInOrder = true;

    /// <summary>Begins one.</summary>
    public FileDownload(
        SessionPool pool, Call call, Attempts attempts, TrainAddress server, TrainPath path, LocalPlace place, DownloadOptions options)
    {
        _pool = pool;
        _call = call;
        _attempts = attempts;
        _path = path;
        _place = place;
        _options = options;
        _algorithm = options.Digest ?? call.Options.Digest;
        _key = place.KeyOf(server, path);
        _whole = new(_algorithm.OnTheWire());
        _progress = () => new((_parts?.Resumed + _parts?.Moved) ?? 0, _parts?.Meta.Size) { Resumed = _parts?.Resumed ?? 0, Reconnects = Reconnects };
        _moved = () =>
        {
            _attempts.Progressed();
            Tell();
        };
    }

    /// <summary>Told how many bytes there are, instead of the call's own watcher: for a file of a set.</summary>
    public Action<long>? Moving { get; init; }

    /// <summary>How often a connection had to be made anew.</summary>
    public int Reconnects => _attempts.Repeated + Volatile.Read(ref _otherReconnects);

    /// <summary>Runs it on the calling thread.</summary>
    /// <exception cref="TransferException">The file did not arrive whole.</exception>
    public TransferResult Run()
    {
        _place.Check(_options.NoClobber);
        if (_options.Update && Same() is { } same)
            return same;
        try
        {
            return Fetch();
        }
        catch (TransferException failure) when (failure.IsRetryable && _parts is { Moved: > 0, HasBlocks: true })
        {
            throw new TransferException(failure.Reason, failure.Message, failure) { IsRetryable = true, RetryAfter = failure.RetryAfter, CanResume = true };
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _parts?.Dispose();
        _whole.Dispose();
    }

    private TransferResult Fetch()
    {
        var digest = FetchWhole();
        var meta = _parts!.Meta;
        _parts.Publish(new(
            _options.KeepMode ? meta.Mode & KeptMode : null, _options.KeepTime ? meta.Modified : null, _options.NoClobber, _options.Durable));
        if (Moving is null)
            _call.Tell(_progress, isEnd: true);
        return new(
            meta.Size, _parts.Moved, _parts.Resumed, _algorithm, Convert.ToHexStringLower(digest.Span), new(meta.Identity), Reconnects, _call.Elapsed);
    }

    private Opaque FetchWhole()
    {
        for (var begun = 1; ; begun++)
        {
            try
            {
                FetchParts();
                return Confirm();
            }
            // A file that has changed has nothing to keep, and one of a single block nothing to repair.
            catch (TransferException failure)
                when (failure.Reason == TransferFailure.Changed || failure.Reason == TransferFailure.Integrity && _parts is { HasBlocks: false })
            {
                _parts?.Discard();
                _parts?.Dispose();
                _parts = null;
                if (begun == MostBeginnings || failure.Reason == TransferFailure.Changed && !_options.IfIdentity.IsNone)
                    throw;
            }
        }
    }

    private void FetchParts()
    {
        // Without anything to go on with the description comes with the bytes, and costs no round trip of its own.
        if (_options.Jobs <= 1 && !_place.HasPartial(_key))
        {
            _isInOrder = true;
            using var fetch = new RangeFetch(_path, null, _algorithm, _whole, Open, _moved);
            Complete(_attempts.Run(session => fetch.Receive(session, _options.IfIdentity.Value)));
            return;
        }
        var parts = Open(_attempts.Run(Describe));
        var missing = parts.Missing();
        var isParallel = _options.Jobs > 1 && parts.Meta.Size >= LeastParallel;
        _isInOrder = !isParallel && (missing.Count == 0 || missing.Count == 1 && missing[0].Offset + missing[0].Length == parts.Meta.Size);
        if (isParallel)
        {
            var pieces = new ConcurrentQueue<FileRange>(missing.SelectMany(Split));
            Jobs.Run(_options.Jobs, () => FetchPieces(pieces));
            return;
        }
        foreach (var range in missing)
            FetchRange(_attempts, range);
    }

    private void FetchPieces(ConcurrentQueue<FileRange> pieces)
    {
        var attempts = new Attempts(_pool, _call);
        while (pieces.TryDequeue(out var range))
            FetchRange(attempts, range);
        Interlocked.Add(ref _otherReconnects, attempts.Repeated);
    }

    private void FetchRange(Attempts attempts, FileRange range)
    {
        var parts = _parts!;
        var end = range.Offset + range.CoveredOf(parts.Meta.Size);
        using var fetch = new RangeFetch(_path, end, _algorithm, _isInOrder ? _whole : null, _ => parts, () =>
        {
            attempts.Progressed();
            Tell();
        });
        fetch.BeginAt(parts, range.Offset);
        Complete(attempts.Run(session => fetch.Receive(session, parts.Meta.Identity)));
    }

    // What differs is found by its blocks.
    private void Complete(bool isAsAnnounced)
    {
        if (isAsAnnounced)
            return;
        if (!_parts!.HasBlocks)
            throw NativeFailure.Damaged(_place.Display);
        _parts.Unconfirmed();
    }

    private Opaque Confirm()
    {
        var digest = _isInOrder ? _whole.Finish() : ReadBack();
        for (var repairs = 0; _parts!.IsUnconfirmed; repairs++)
        {
            var request = new Message.Hash(_path.Remote!, default, _algorithm.OnTheWire(), 0, _parts.Meta.Identity);
            var answer = new Attempts(_pool, _call).Run(session => session.Ask<Message.HashAnswer>(request, session.Name(_path)));
            if (answer.Digest == digest)
                break;
            var differing = repairs < MostRepairs ? BlockRepair.Differing(new(_pool, _call), _path, _parts) : [];
            if (differing.Count == 0)
                throw NativeFailure.Damaged(_place.Display);
            _isInOrder = false;
            foreach (var range in differing)
                FetchRange(new(_pool, _call), range);
            digest = ReadBack();
        }
        return digest;
    }

    private Opaque ReadBack()
    {
        _ = _whole.Finish();
        var buffer = GC.AllocateUninitializedArray<byte>(256 * 1024);
        for (long position = 0; _parts!.Read(position, buffer) is > 0 and var count; position += count)
            _whole.Append(buffer.AsSpan(0, count));
        return _whole.Finish();
    }

    private IncomingParts Open(Message.Meta meta)
    {
        _ = _whole.Finish();
        return _parts = IncomingParts.Open(_place, _key, meta, isPrivate: _options.KeepMode, _options.Durable, _whole);
    }

    /// <summary>What the server has, without any of its bytes. Unlike STAT this looks behind a link.</summary>
    private Message.Meta Describe(NativeSession session)
    {
        session.Ask(new Message.Get(_path.ToFile(session), new(0, 0), _options.IfIdentity.Value, _algorithm.OnTheWire()));
        Message.Meta? meta = null;
        while (true)
        {
            var step = session.Next(out _);
            if (step.Action == ClientAction.Refused)
                throw NativeFailure.Of(session.Name(_path), ((Message.Error)step.Message!).Failure);
            meta ??= step.Message as Message.Meta;
            if (step.Action != ClientAction.Fin)
                continue;
            using var nothing = new ContentDigest(_algorithm.OnTheWire());
            session.Verify(nothing.Finish().Span);
            return meta!;
        }
    }

    private TransferResult? Same()
    {
        if (_place.Status is not { Type: FileType.Regular } status)
            return null;
        var meta = _attempts.Run(Describe);
        if (meta.Size != status.Size || meta.Modified != status.ModifiedNs)
            return null;
        using var local = FileSource.Open(_place.Directory, _place.Name, _place.Display);
        return SameFile.Compare(_call, _attempts, local, _path, _algorithm, meta.Identity);
    }

    private void Tell()
    {
        if (Moving is null)
            _call.Tell(_progress);
        else
            Moving(_parts!.Resumed + _parts.Moved);
    }

    private static IEnumerable<FileRange> Split(FileRange range)
    {
        var end = range.Offset + range.Length!.Value;
        // Later pieces begin where blocks do; pieces are many blocks long.
        for (var from = range.Offset; from < end;)
        {
            var to = Math.Min(end, (from / ParallelPiece + 1) * ParallelPiece);
            yield return new(from, to - from);
            from = to;
        }
    }
}
