namespace Trainyard.Shell.Client.Native;

/// <summary>Counts what becomes of a tree. Thread-safe.</summary>
internal sealed class TreeTally
{
    private readonly Lock _lock = new();
    private readonly Call _call;
    private readonly List<TreeFailure> _failures = [];
    private readonly Func<TransferProgress> _progress;
    private long _files;
    private long _skipped;
    private long _directories;
    private long _links;
    private long _fileBytes;
    private long _movedBytes;
    private long? _totalBytes;
    private long? _totalFiles;
    private int _reconnects;
    private byte[]? _current;

    /// <summary>Nothing yet.</summary>
    /// <param name="call">The call that it belongs to.</param>
    /// <param name="nameOf">The name of a path for people; asked only when it is told.</param>
    public TreeTally(Call call, Func<byte[], string> nameOf)
    {
        _call = call;
        _progress = () => new(_movedBytes, _totalBytes) { Files = _files + _skipped, TotalFiles = _totalFiles, Current = _current is { } path ? nameOf(path) : null, Reconnects = _reconnects };
    }

    /// <summary>Nothing was done, and nothing failed but what is told.</summary>
    public TreeResult Result
    {
        get
        {
            lock (_lock)
                return new(_files, _skipped, _directories, _links, _fileBytes, [.. _failures], _reconnects, _call.Elapsed);
        }
    }

    /// <summary>So much is to be moved.</summary>
    public void Expect(long files, long bytes) => Do(() => (_totalFiles, _totalBytes) = (files, bytes));

    /// <summary>Bytes moved, of a file that may yet fail; what moves twice is taken back with a negative number.</summary>
    /// <param name="bytes">How many.</param>
    /// <param name="current">The file's path.</param>
    public void Moved(long bytes, byte[]? current)
    {
        lock (_lock)
            (_movedBytes, _current) = (_movedBytes + bytes, current);
        _call.Tell(_progress);
    }

    /// <summary>A file is whole.</summary>
    public void File(long bytes)
    {
        lock (_lock)
            (_files, _fileBytes) = (_files + 1, _fileBytes + bytes);
        _call.Tell(_progress);
    }

    /// <summary>A file was left as it is.</summary>
    public void Skipped(long bytes) => Do(() => (_skipped, _movedBytes) = (_skipped + 1, _movedBytes + bytes));

    /// <summary>A directory is there.</summary>
    public void Directory() => Do(() => _directories++);

    /// <summary>A link is there.</summary>
    public void Link() => Do(() => _links++);

    /// <summary>A connection was made anew.</summary>
    public void Reconnected(int times) => Do(() => _reconnects += times);

    /// <summary>Something failed.</summary>
    public void Failed(byte[] path, TransferException error) => Do(() => _failures.Add(new(path, error)));

    /// <summary>Tells the end.</summary>
    public void End() => _call.Tell(_progress, isEnd: true);

    private void Do(Action change)
    {
        lock (_lock)
            change();
        _call.Tell(_progress);
    }
}
