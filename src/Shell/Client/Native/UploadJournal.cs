using System.IO.Hashing;
using System.Text;
using Trainyard.Core.Protocol;
using Trainyard.Shell.Linux;

namespace Trainyard.Shell.Client.Native;

/// <summary>
/// Tokens of uploads that have begun, one small file each, so that also another process, after a kill or a reboot, goes on with them. A token
/// is found again only for the same server, path, algorithm and source file, by size, times, inode and device.
/// </summary>
/// <remarks>A journal that cannot be read or written costs the resume, never the upload: failures are kept silent.</remarks>
internal sealed class UploadJournal
{
    private const string Suffix = ".upload";
    // Whoever has a token can go on with the upload: nobody else's business.
    private const uint OwnFile = 0x180;
    private const uint OwnDirectory = 0x1C0;
    private static readonly TimeSpan Forgotten = TimeSpan.FromDays(30);

    private readonly string _directory;
    private readonly string _file;

    /// <summary>The place for one upload.</summary>
    public UploadJournal(TrainyardClientOptions options, TrainAddress server, TrainPath path, FileStatus source, DigestAlgorithm algorithm)
    {
        _directory = options.StateDirectory ?? DefaultDirectory();
        var key = $"{server.Server}\n{Convert.ToHexString(path.Bytes)}\n{source}\n{algorithm}";
        _file = Path.Combine(_directory, Convert.ToHexStringLower(XxHash128.Hash(Encoding.UTF8.GetBytes(key))) + Suffix);
    }

    /// <summary>The token of an earlier try; empty where there is none.</summary>
    public Opaque Read() =>
        Quietly(() => File.Exists(_file) && new FileInfo(_file).Length <= Message.MaximumToken ? new Opaque(File.ReadAllBytes(_file)) : default);

    /// <summary>Keeps a token.</summary>
    public void Write(Opaque token) =>
        Quietly(() =>
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_directory) ?? "/");
            _ = Libc.MakeDirectory(FileDescriptor.WorkingDirectory, Encoding.UTF8.GetBytes(_directory), OwnDirectory);
            Forget();
            var temporary = Encoding.UTF8.GetBytes($"{_file}.{Environment.ProcessId}");
            var opened = Libc.Open(
                FileDescriptor.WorkingDirectory, temporary, OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Truncate, OwnFile);
            if (!opened.IsOk)
                return false;
            using (opened.Descriptor)
                _ = Libc.WriteAt(opened.Descriptor, token.Span, 0);
            _ = Libc.Rename(FileDescriptor.WorkingDirectory, temporary, FileDescriptor.WorkingDirectory, Encoding.UTF8.GetBytes(_file));
            return true;
        });

    /// <summary>The upload is over.</summary>
    public void Remove() =>
        Quietly(() =>
        {
            File.Delete(_file);
            return true;
        });

    private void Forget()
    {
        foreach (var file in new DirectoryInfo(_directory).EnumerateFiles("*" + Suffix + "*"))
            if (DateTime.UtcNow - file.LastWriteTimeUtc > Forgotten)
                file.Delete();
    }

    // The specification of base directories (XDG): an empty or relative value counts as none.
    private static string DefaultDirectory()
    {
        var state = Environment.GetEnvironmentVariable("XDG_STATE_HOME");
        if (string.IsNullOrEmpty(state) || !Path.IsPathRooted(state))
            state = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local", "state");
        return Path.Combine(state, "trainyard");
    }

    private static T? Quietly<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            return default;
        }
    }
}
