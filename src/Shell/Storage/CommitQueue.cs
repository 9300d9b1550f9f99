using Trainyard.Core.Protocol;
using Trainyard.Shell.Linux;

namespace Trainyard.Shell.Storage;

/// <summary>Gives small uploads their names, durably, on a thread of its own, which ends when there is nothing to do for a while. Thread-safe.</summary>
/// <remarks>
/// Whatever waits when the thread is free goes together: all files' bytes come to the disk, then each gets its name, then the names come to the disk. To wait for
/// the disk costs the same for one file as for many, so that the more come, the less each of them waits. In the order in which they came, also for a path twice.
/// </remarks>
internal sealed class CommitQueue : IDisposable
{
    // As many are named while their neighbours wait; then it is the turn of those who wait to hear of theirs.
    private const int Most = 256;

    // For so few each file by itself: the whole file system may have more to write.
    private const int Few = 3;

    private static readonly TimeSpan Linger = TimeSpan.FromSeconds(1);

    // A disk answers faster, if it is asked for these files alone.
    private static readonly TimeSpan Suspicious = TimeSpan.FromMilliseconds(100);

    // Before, syncfs(2) did not tell errors.
    private static readonly bool CanSynchronizeAll = Environment.OSVersion.Version >= new Version(5, 8);

    private readonly Queue<(SmallUpload Upload, Action Done)> _waiting = new();

    // Open before anything is written, so that syncfs(2) tells every error of it.
    private readonly FileDescriptor _root;
    private readonly ulong _device;
    private bool _runs;
    private bool _isClosed;
    private long _aloneUntil;

    /// <summary>A queue for a tree. Owns the descriptor.</summary>
    /// <param name="root">The tree's root, for reading.</param>
    public CommitQueue(FileDescriptor root)
    {
        _root = root;
        _device = Libc.Status(root).Device;
    }

    /// <summary>Whether it was closed, and all has come to its end.</summary>
    public bool IsOver
    {
        get
        {
            lock (_waiting)
                return _isClosed && !_runs;
        }
    }

    /// <summary>Commits uploads that have ended.</summary>
    /// <param name="uploads">Theirs from now on is the queue's thread, up to their result.</param>
    /// <param name="done">Called on it whenever some of them have their results.</param>
    public void Add(IEnumerable<SmallUpload> uploads, Action done)
    {
        lock (_waiting)
        {
            foreach (var upload in uploads)
                _waiting.Enqueue((upload, done));
            if (_runs)
            {
                Monitor.Pulse(_waiting);
                return;
            }
            _runs = true;
        }
        new Thread(Run) { IsBackground = true, Name = "commits" }.Start();
    }

    /// <summary>Nothing is added any more. What was is brought to its end.</summary>
    public void Dispose()
    {
        lock (_waiting)
        {
            _isClosed = true;
            Monitor.Pulse(_waiting);
            if (!_runs)
                _root.Dispose();
        }
    }

    private void Run()
    {
        var group = new List<(SmallUpload Upload, Action Done)>();
        while (Take(group))
        {
            Commit(group.ConvertAll(static one => one.Upload));
            Action? told = null;
            foreach (var (_, done) in group)
            {
                if (done != told)
                    done();
                told = done;
            }
        }
    }

    private bool Take(List<(SmallUpload Upload, Action Done)> group)
    {
        group.Clear();
        lock (_waiting)
        {
            if (_waiting.Count == 0 && !_isClosed)
                _ = Monitor.Wait(_waiting, Linger);
            while (group.Count < Most && _waiting.TryDequeue(out var next))
                group.Add(next);
            _runs = group.Count > 0;
            if (!_runs && _isClosed)
                _root.Dispose();
            return _runs;
        }
    }

    private void Commit(List<SmallUpload> group)
    {
        var failures = new Failure?[group.Count];
        void Each(Func<SmallUpload, Failure?> step)
        {
            for (var i = 0; i < group.Count; i++)
                failures[i] ??= Try(group[i], step);
        }

        Each(static upload => Of(upload.Settle()));
        if (!SynchronizeAll(group))
        {
            Each(static upload => Of(upload.BeginWriteback()));
            Each(static upload => Of(upload.Synchronize()));
        }
        for (var i = 0; i < group.Count;)
            i = Name(group, failures, i);
        var directories = new Dictionary<(ulong, ulong), Failure?>();
        Each(upload =>
        {
            if (!upload.Directory.IsReadable)
                return Of(upload.SynchronizeName());
            if (!directories.TryGetValue(upload.Directory.Id, out var failure))
                directories.Add(upload.Directory.Id, failure = Of(upload.SynchronizeName()));
            return failure;
        });
        for (var i = 0; i < group.Count; i++)
            Conclude(group[i], failures[i]);
    }

    /// <summary>One call instead of one for each file. It waits for what others have written as well: where that takes long, it is not used for as long again.</summary>
    private bool SynchronizeAll(List<SmallUpload> group)
    {
        if (group.Count <= Few || !CanSynchronizeAll || Environment.TickCount64 < _aloneUntil || group.Exists(upload => upload.Directory.Id.Device != _device))
            return false;
        var began = Environment.TickCount64;
        var error = Libc.SynchronizeFileSystem(_root);
        if (Environment.TickCount64 - began is var took && took > Suspicious.TotalMilliseconds)
            _aloneUntil = Environment.TickCount64 + took;
        // Whose error that is, each file says itself.
        return error == Errno.None;
    }

    /// <summary>Names a run of files of one directory in one turn.</summary>
    /// <returns>Where the next run begins.</returns>
    private static int Name(List<SmallUpload> group, Failure?[] failures, int first)
    {
        var directory = group[first].Directory;
        var isAlone = group[first].IsConditional;
        var end = first + 1;
        while (!isAlone && end < group.Count && group[end].Directory.Id == directory.Id && !group[end].IsConditional)
            end++;
        NameTurn? turn = null;
        // A directory that may not be read cannot be locked either.
        var refused = directory.IsReadable ? NameTurn.BeginWith(directory.Descriptor, isAlone, out turn) : Errno.None;
        using (turn)
        {
            for (var i = first; i < end; i++)
                failures[i] ??= refused == Errno.None ? Try(group[i], static upload => upload.Name()) : StoreFailure.Of(refused);
        }
        return end;
    }

    private static void Conclude(SmallUpload upload, Failure? failure)
    {
        if (Try(upload, one => { one.Conclude(failure); return null; }) is { } failed)
            upload.Conclude(failed);
    }

    private static Failure? Try(SmallUpload upload, Func<SmallUpload, Failure?> step)
    {
        try
        {
            return step(upload);
        }
        catch (NativeException e)
        {
            return Failure.Of(ErrorCode.LocalIO, e.Message);
        }
    }

    private static Failure? Of(Errno error) => error == Errno.None ? null : StoreFailure.Of(error);
}
