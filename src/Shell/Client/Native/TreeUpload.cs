using System.Collections.Concurrent;
using Trainyard.Core.Protocol;
using Trainyard.Shell.Linux;

namespace Trainyard.Shell.Client.Native;

/// <summary>
/// A local tree to a server, in this order: directories, files, links, then the attributes of directories, deepest first, since what is put into
/// a directory changes its time and a directory may not let its owner write.
/// </summary>
internal sealed class TreeUpload
{
    private readonly SessionPool _pool;
    private readonly Call _call;
    private readonly TrainPath _directory;
    private readonly TreeOptions _options;
    private readonly DigestAlgorithm _algorithm;
    private readonly LocalTree _tree;
    private readonly TreeTally _tally;
    private readonly Func<TrainPath, FileStatus, UploadJournal> _journal;

    /// <summary>Begins one.</summary>
    /// <param name="pool">Sessions.</param>
    /// <param name="call">The call that it belongs to.</param>
    /// <param name="tree">The local tree; stays the caller's.</param>
    /// <param name="directory">Where it goes.</param>
    /// <param name="options">How.</param>
    /// <param name="journal">Where the token of a large upload is kept.</param>
    public TreeUpload(
        SessionPool pool, Call call, LocalTree tree, TrainPath directory, TreeOptions options, Func<TrainPath, FileStatus, UploadJournal> journal)
    {
        _pool = pool;
        _call = call;
        _tree = tree;
        _directory = directory;
        _options = options;
        _algorithm = options.Digest ?? call.Options.Digest;
        _journal = journal;
        _tally = new(call, path => tree.NameOf(path));
    }

    /// <summary>Runs it on the calling thread, and beside it on as many others as there are jobs.</summary>
    /// <exception cref="TransferException">The server is lost, or has no such directory and makes none.</exception>
    public TreeResult Run()
    {
        var attempts = new Attempts(_pool, _call);
        var entries = _tree.Scan(_tally.Failed, _call.Cancellation);
        if (!_directory.IsRoot)
            attempts.Run(session =>
                session.Ask<Message.DoneAnswer>(new Message.MakeDirectory(_directory.Remote!, null, Parents: true), session.Name(_directory)));
        entries = Sendable(entries);
        var directories = entries.FindAll(static entry => entry.Status.Type == FileType.Directory);
        var files = entries.FindAll(static entry => entry.Status.Type == FileType.Regular);
        _tally.Expect(files.Count, files.Sum(static file => file.Status.Size));
        Pipeline.Run(
            attempts, directories, entry => new Message.MakeDirectory(Remote(entry), null, Parents: true), (_, _) => _tally.Directory(), Failed);
        if (_options.Update)
            files = Different(attempts, files);
        Send(files);
        Pipeline.Run(
            attempts,
            entries.FindAll(static entry => entry.Status.Type == FileType.SymbolicLink),
            entry => new Message.MakeLink(Remote(entry), new(entry.Target), Modified(entry), _options.NoClobber),
            (_, _) => _tally.Link(),
            (entry, failure) =>
            {
                if (failure.Code == ErrorCode.Exists && _options.NoClobber)
                    _tally.Skipped(0);
                else
                    Failed(entry, failure);
            });
        if (_options.KeepAttributes)
        {
            directories.Reverse();
            // The server's root is its own; a directory below it is the tree's.
            if (!_directory.IsRoot)
                directories.Add(new([], Libc.Status(_tree.Root), []));
            Pipeline.Run(
                attempts, directories, entry => new Message.SetAttributes(Remote(entry), Modified(entry), Mode(entry)), static (_, _) => { }, Failed);
        }
        _tally.Reconnected(attempts.Repeated);
        _tally.End();
        return _tally.Result;
    }

    private void Send(List<LocalEntry> files)
    {
        var small = new ConcurrentQueue<LocalEntry>(files.Where(static file => file.Status.Size <= FileUpload.EagerBytes));
        var large = new ConcurrentQueue<LocalEntry>(files.Where(static file => file.Status.Size > FileUpload.EagerBytes));
        Jobs.Run(_options, files.Count, _pool, _call, () =>
        {
            var attempts = new Attempts(_pool, _call);
            using var uploads = new SmallUploads(attempts, _tree, Put, _tally);
            uploads.Run(() => small.TryDequeue(out var entry) ? entry : null);
            _tally.Reconnected(attempts.Repeated);
            while (large.TryDequeue(out var entry))
                SendLarge(entry);
        });
    }

    private void SendLarge(LocalEntry entry)
    {
        var attempts = new Attempts(_pool, _call);
        long told = 0;
        try
        {
            using var source = FileSource.Open(_tree, entry.Path);
            using var upload = new FileUpload(_call, attempts, source, Put(entry) with { Size = source.Size }, _journal(Path(entry), source.Status))
            {
                Moving = position =>
                {
                    _tally.Moved(position - told, entry.Path);
                    told = position;
                },
            };
            _tally.File(upload.Run().Size);
        }
        catch (TransferException failure) when (failure.Reason == TransferFailure.Exists && _options.NoClobber)
        {
            _tally.Skipped(0);
        }
        catch (TransferException failure) when (!failure.IsRetryable)
        {
            _tally.Moved(-told, null);
            _tally.Failed(entry.Path, failure);
        }
        finally
        {
            _tally.Reconnected(attempts.Repeated);
        }
    }

    // What has a name that the server takes, and is something that can be sent.
    private List<LocalEntry> Sendable(List<LocalEntry> entries) =>
        entries.FindAll(entry =>
        {
            var isSendable = entry.Status.Type is FileType.Directory or FileType.Regular or FileType.SymbolicLink;
            if (isSendable && TryPath(entry, out _))
                return true;
            var why = isSendable ? "the path is too long for the server" : "it is neither a file, a directory nor a link";
            _tally.Failed(entry.Path, new(TransferFailure.LocalIO, $"{_tree.NameOf(entry.Path)}: {why}"));
            return false;
        });

    /// <summary>The files that the server does not have just so.</summary>
    private List<LocalEntry> Different(Attempts attempts, List<LocalEntry> files)
    {
        var there = new Dictionary<TrainPath, RemoteEntry>();
        Listing.Run(attempts, _directory, recursive: true, batch =>
        {
            foreach (var entry in batch)
                if (entry.Kind == RemoteEntryKind.File)
                    there[entry.Path] = entry;
        });
        bool IsAlike(LocalEntry file) =>
            there.TryGetValue(Path(file), out var entry) && entry.Size == file.Status.Size && entry.ModifiedNs == file.Status.ModifiedNs;
        var different = files.FindAll(file => !IsAlike(file));
        Pipeline.Run(
            attempts,
            files.FindAll(IsAlike),
            file => new Message.Hash(Remote(file), default, _algorithm.OnTheWire(), 0, there[Path(file)].Identity.Value),
            (file, answer) =>
            {
                if (IsSame(file, ((Message.HashAnswer)answer).Digest))
                    _tally.Skipped(file.Status.Size);
                else
                    different.Add(file);
            },
            (file, _) => different.Add(file));
        return different;
    }

    private bool IsSame(LocalEntry file, Opaque digest)
    {
        try
        {
            using var source = FileSource.Open(_tree, file.Path);
            return digest.Span.SequenceEqual(SameFile.Digest(source, _algorithm));
        }
        catch (TransferException)
        {
            // It will fail again where it is sent, and be told there.
            return false;
        }
    }

    private Message.Put Put(LocalEntry entry) =>
        new(
            Remote(entry),
            entry.Status.Size,
            Modified(entry),
            Mode(entry),
            ResumeToken: default,
            IfIdentity: default,
            _options.NoClobber,
            _algorithm.OnTheWire(),
            Eager: false);

    private long? Modified(LocalEntry entry) => _options.KeepAttributes ? entry.Status.ModifiedNs : null;

    private int? Mode(LocalEntry entry) => _options.KeepAttributes ? entry.Status.Permissions : null;

    private RemotePath Remote(LocalEntry entry) => Path(entry).Remote!;

    private TrainPath Path(LocalEntry entry) => TryPath(entry, out var path) ? path : throw new FormatException(_tree.NameOf(entry.Path));

    private bool TryPath(LocalEntry entry, out TrainPath path) =>
        TrainPath.TryFromBytes(_directory.IsRoot ? entry.Path : entry.Path.Length == 0 ? _directory.Bytes : [.. _directory.Bytes, (byte)'/', .. entry.Path], out path);

    private void Failed(LocalEntry entry, Failure failure) => _tally.Failed(entry.Path, NativeFailure.Of(_tree.NameOf(entry.Path), failure));
}
