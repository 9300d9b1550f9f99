using System.Globalization;
using System.Net;
using System.Text;
using Trainyard.Shell.Linux;

namespace Trainyard.Shell.Control;

/// <summary>
/// The directories in which control sockets are kept when nobody names a place: <c>$XDG_RUNTIME_DIR/trainyard</c>, for root
/// <c>/run/trainyard</c>, else <c>/tmp/trainyard-UID</c>. Only one that belongs to this user and is closed to all others is ever used.
/// </summary>
public static class ControlDirectory
{
    private const int OwnerOnly = 0x1C0;
    private const int GroupAndOthers = 0x3F;

    /// <summary>Those of this user, the preferred one first, whether they are there or not.</summary>
    public static IReadOnlyList<string> Candidates()
    {
        var user = Libc.EffectiveUser;
        var runtime = Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR");
        List<string> candidates = [];
        if (Path.IsPathFullyQualified(runtime ?? "") && BelongsTo(runtime!, user))
            candidates.Add(Path.Combine(runtime!, "trainyard"));
        if (user == 0)
            candidates.Add("/run/trainyard");
        candidates.Add(string.Create(CultureInfo.InvariantCulture, $"/tmp/trainyard-{user}"));
        return candidates;
    }

    /// <summary>The sockets that are there, of living servers and dead ones.</summary>
    public static IReadOnlyList<string> Sockets() =>
        [.. Candidates().Where(IsSafe).SelectMany(directory => Directory.EnumerateFileSystemEntries(directory, "*.sock")).Order(StringComparer.Ordinal)];

    /// <summary>The name of a port's socket.</summary>
    public static string NameOf(int port) => string.Create(CultureInfo.InvariantCulture, $"{port}.sock");

    /// <summary>The name of a server's socket: by the first of its ports, or where it has none by its first path, as <c>NAME.unix.sock</c>.</summary>
    internal static string NameOf(IReadOnlyList<EndPoint> endPoints) =>
        endPoints.OfType<IPEndPoint>().FirstOrDefault() is { } first ? NameOf(first.Port) : $"{Path.GetFileName(endPoints[0].ToString())}.unix.sock";

    /// <summary>Makes the first candidate that can be made.</summary>
    /// <returns>The directory; <c>null</c> where none can be made, or somebody else has made it.</returns>
    internal static string? Make() => Candidates().FirstOrDefault(Make);

    /// <summary>Whether the directory is there, is no link, belongs to this user, and is closed to all others.</summary>
    internal static bool IsSafe(string directory) =>
        StatusOf(directory) is { Type: FileType.Directory } status
        && status.Owner == Libc.EffectiveUser && (status.Permissions & GroupAndOthers) == 0;

    private static bool Make(string directory)
    {
        var made = Libc.MakeDirectory(FileDescriptor.WorkingDirectory, Encoding.UTF8.GetBytes(directory), OwnerOnly);
        return made is Errno.None or Errno.Exists && IsSafe(directory);
    }

    private static bool BelongsTo(string directory, uint user) => StatusOf(directory) is { Type: FileType.Directory } status && status.Owner == user;

    private static FileStatus? StatusOf(string path) =>
        Libc.StatusOf(FileDescriptor.WorkingDirectory, Encoding.UTF8.GetBytes(path), out var status) == Errno.None ? status : null;
}
