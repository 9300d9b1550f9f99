using System.Diagnostics;
using Trainyard.Core.Textbook;
using Trainyard.Shell.Linux;

namespace Trainyard.Shell.Client;

/// <summary>What a download fills: the file, its digest, and whoever watches.</summary>
internal sealed class DownloadTarget : IDisposable
{
    private const int ReadBackBytes = 256 * 1024;
    private static readonly TimeSpan ProgressInterval = TimeSpan.FromMilliseconds(100);

    private readonly FileDescriptor _directory;
    private readonly string _where;
    private readonly Digester _digester;
    private readonly IProgress<TransferProgress>? _progress;
    private byte[]? _readBack;
    private long _digested;
    private long _lastProgress;
    private long? _size;
    private IncomingFile? _file;

    /// <summary>A target in an existing directory.</summary>
    /// <exception cref="TransferException">There is no such directory.</exception>
    public DownloadTarget(string directory, DigestAlgorithm? digest, IProgress<TransferProgress>? progress)
    {
        _where = directory;
        var opened = Libc.Open(
            FileDescriptor.WorkingDirectory, System.Text.Encoding.UTF8.GetBytes(directory), OpenFlags.Directory | OpenFlags.ReadOnly);
        _directory = opened.Descriptor ?? throw LocalFailure.Of($"cannot open the directory {directory}", opened.Error);
        _digester = new Digester(digest);
        _progress = progress;
    }

    /// <summary>The file. Only after <see cref="Begin"/>.</summary>
    public IncomingFile File => _file ?? throw new UnreachableException("file data before a name");

    /// <summary>The name has come: the file begins.</summary>
    public void Begin(FileName name) => _file = IncomingFile.Create(_directory, _where, name);

    /// <summary>The size has come.</summary>
    public void Expect(long size)
    {
        _size = size;
        File.Reserve(size);
    }

    /// <summary>Writes file bytes and adds them to the digest while they are in cache.</summary>
    public void Store(ReadOnlySpan<byte> bytes)
    {
        File.Append(bytes);
        _digester.Append(bytes);
        _digested += bytes.Length;
        Tell();
    }

    /// <summary>File bytes came into the file past this process: the digest reads them back out of the page cache.</summary>
    public void Stored(long count)
    {
        File.Grew(count);
        // In stretches, still in cache, so that small trains do not cost a system call each.
        if (_digester.IsActive && File.Length - _digested >= ReadBackBytes)
            ReadBack();
        Tell();
    }

    /// <summary>The file is whole: names it and ends the digest.</summary>
    public string? Finish()
    {
        _progress?.Report(new TransferProgress(File.Length, _size));
        if (_digester.IsActive)
            ReadBack();
        File.Publish();
        return _digester.Finish();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _file?.Dispose();
        _directory.Dispose();
        _digester.Dispose();
    }

    private void ReadBack()
    {
        var buffer = _readBack ??= new byte[ReadBackBytes];
        while (_digested < File.Length)
        {
            var read = Libc.ReadAt(File.Descriptor, buffer.AsSpan(0, (int)Math.Min(buffer.Length, File.Length - _digested)), _digested);
            if (!read.IsOk || read.Count == 0)
                throw LocalFailure.Of($"cannot read back a file in {_where}", read.IsOk ? Errno.InputOutput : read.Error);
            _digester.Append(buffer.AsSpan(0, (int)read.Count));
            _digested += read.Count;
        }
    }

    private void Tell()
    {
        if (_progress is null || Stopwatch.GetElapsedTime(_lastProgress) < ProgressInterval)
            return;
        _lastProgress = Stopwatch.GetTimestamp();
        _progress.Report(new TransferProgress(File.Length, _size));
    }
}
