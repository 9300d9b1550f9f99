using Trainyard.Core.Protocol;
using Trainyard.Shell.Linux;

namespace Trainyard.Shell.Storage;

/// <summary>
/// Files that were asked for more than once a moment ago, still open: opening beneath a root takes seven system calls, and to see that a path still
/// means the same file with the same status takes one. Used by one thread.
/// </summary>
/// <remarks>
/// The status, time of change included, is asked for at each use, so that a file that was replaced or written to is opened anew; or once for all who had asked
/// before that, see <see cref="BeginRound"/>. The path is resolved for that without the confinement, which does no harm: what is served is the descriptor that was
/// opened beneath the root. A file that lost its name keeps its space only for <see cref="Longest"/>.
/// </remarks>
internal sealed class OpenFiles(FileDescriptor root) : IDisposable
{
    /// <summary>How long a file stays open without being asked for.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);

    private const int Most = 64;
    private const int Remembered = 1024;

    private readonly Dictionary<RemotePath, Kept> _files = [];
    private readonly int[] _asked = new int[Remembered];
    private long _round;

    /// <summary>The file behind a path, where it is open and still what it was. The caller disposes it.</summary>
    public StoredFile? Find(RemotePath path) => Peek(path) is { } file && IsStill(path, file, hasWaited: false) ? file.Share() : null;

    /// <summary>
    /// Whoever has waited up to now may be told what is found out from now on until the next call: it is true of a moment after it asked, and before it is answered.
    /// </summary>
    public void BeginRound() => _round++;

    /// <summary>The file that was behind a path, where it is open. Good until the next call of anything else here.</summary>
    public StoredFile? Peek(RemotePath path)
    {
        if (!_files.TryGetValue(path, out var kept))
            return null;
        kept.UsedMs = Environment.TickCount64;
        return kept.File;
    }

    /// <summary>Whether the file is still what the path means, as it was; if not, it is forgotten.</summary>
    /// <param name="path">The path.</param>
    /// <param name="file">What <see cref="Peek"/> gave for it.</param>
    /// <param name="hasWaited">Whether it is asked for somebody who asked before the round began: then one question is enough for all of them.</param>
    public bool IsStill(RemotePath path, StoredFile file, bool hasWaited)
    {
        var kept = _files.GetValueOrDefault(path);
        if (hasWaited && kept?.SeenIn == _round)
            return true;
        if (Libc.StatusOf(root, path.Span, out var status) == Errno.None && file.Is(status))
        {
            if (kept is not null)
                kept.SeenIn = _round;
            return true;
        }
        if (kept is not null)
            Forget(path, kept);
        return false;
    }

    /// <summary>Keeps a file that was opened, if it is not the first time.</summary>
    public void Offer(RemotePath path, StoredFile file)
    {
        var hash = path.GetHashCode();
        ref var asked = ref _asked[(uint)hash % Remembered];
        if (asked != hash)
        {
            // Of a tree that is fetched, each file is asked for once.
            asked = hash;
            return;
        }
        if (_files.Count == Most)
            Expire(Longest / 4);
        if (_files.Count < Most)
            _files[path] = new(file.Share()) { UsedMs = Environment.TickCount64 };
    }

    /// <summary>Closes those that nobody has asked for for so long.</summary>
    public void Expire(TimeSpan age)
    {
        var until = Environment.TickCount64 - (long)age.TotalMilliseconds;
        foreach (var (path, kept) in _files)
            if (kept.UsedMs <= until)
                Forget(path, kept);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var kept in _files.Values)
            kept.File.Dispose();
        _files.Clear();
    }

    private void Forget(RemotePath path, Kept kept)
    {
        _files.Remove(path);
        kept.File.Dispose();
    }

    private sealed class Kept(StoredFile file)
    {
        public StoredFile File { get; } = file;

        public long UsedMs { get; set; }

        /// <summary>The round in which it was last found to be what it was; 0 for none.</summary>
        public long SeenIn { get; set; }
    }
}
