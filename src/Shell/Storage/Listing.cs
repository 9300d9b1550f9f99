using System.Buffers;
using LanguageExt;
using Trainyard.Core.Protocol;
using Trainyard.Shell.Linux;

namespace Trainyard.Shell.Storage;

/// <summary>
/// A walk through a directory in the order of its names, byte by byte, each directory before what lies in it. What comes and goes meanwhile
/// may be seen or not. Holds the names of the directories on its way down and one descriptor, however deep it is. Used by one thread at a time.
/// </summary>
internal sealed class Listing : IDisposable
{
    // So that one call costs bounded time whatever the client's limit.
    private const int MostAtOnce = 512;

    // What an entry takes on the wire beside its path and its target: numbers, times, identity.
    private const int RoomForNumbers = 96;

    private const int BytesAtOnce = 32 * 1024;

    private readonly FileDescriptor _root;
    private readonly byte[] _top;
    private readonly bool _recursive;
    private readonly byte[]? _after;
    private readonly Stack<Level> _levels = new();
    private FileDescriptor? _directory;
    private bool _hasBegun;

    /// <summary>A walk that has not begun.</summary>
    /// <param name="root">The served root; stays its owner's.</param>
    /// <param name="path">The directory; <c>null</c> is the root.</param>
    /// <param name="recursive">Whether to descend.</param>
    /// <param name="after">Begin behind this path.</param>
    public Listing(FileDescriptor root, RemotePath? path, bool recursive, RemotePath? after)
    {
        _root = root;
        _top = path?.Span.ToArray() ?? [];
        _recursive = recursive;
        _after = after?.Span.ToArray();
    }

    /// <summary>Whether all has been named.</summary>
    public bool IsEnd => _hasBegun && _levels.Count == 0;

    /// <summary>Names what comes next. The first call opens the directory; one that enters a directory takes as long as its names take to be read and sorted.</summary>
    /// <param name="maximumBytes">The longest body that the entries may have as a message.</param>
    /// <returns>The entries, which may be none before the end; or why there is nothing to list.</returns>
    public StoreResult<Arr<Entry>> Next(int maximumBytes)
    {
        if (!_hasBegun && Enter(_top) is var error and not Errno.None)
            return new(StoreFailure.Of(error));
        _hasBegun = true;
        var batch = new List<Entry>();
        var left = maximumBytes - RoomForNumbers;
        for (var seen = 0; _levels.Count > 0 && seen < MostAtOnce; seen++)
        {
            var level = _levels.Peek();
            if (level.At == level.Names.Count)
            {
                _levels.Pop();
                LeaveDirectory();
                continue;
            }
            var name = level.Names[level.At];
            var path = Join(level.Path, name);
            if (RemotePath.Create(path).Case is not RemotePath remote || HiddenNames.Is(name) || IsBefore(path))
            {
                level.At++;
                continue;
            }
            if (_directory is null && Reopen(level) is var lost and not Errno.None)
            {
                // The directory has gone meanwhile: what is left of it is not there any more.
                level.At = level.Names.Count;
                if (lost is Errno.NoEntry or Errno.NotDirectory or Errno.CrossDevice or Errno.TooManySymbolicLinks)
                    continue;
                return new(StoreFailure.Of(lost));
            }
            var read = EntryReader.Read(_directory!, name, remote);
            if (read.Value is not { } entry)
            {
                level.At++;
                continue;
            }
            var isNamed = _after is null || !_after.AsSpan().SequenceEqual(path) && !IsAncestorOfAfter(path);
            var bytes = path.Length + entry.Target.Length + RoomForNumbers;
            if (isNamed && bytes > left && batch.Count > 0)
                break;
            level.At++;
            if (isNamed)
            {
                batch.Add(entry);
                left -= bytes;
            }
            // A directory that may not be read is named, but not entered.
            if (_recursive && entry.Kind == EntryKind.Directory)
                Enter(path);
        }
        return new(new Arr<Entry>(batch));
    }

    /// <inheritdoc/>
    public void Dispose() => LeaveDirectory();

    private Errno Enter(byte[] path)
    {
        var opened = OpenBeneath.Open(_root, path.Length == 0 ? "."u8 : path, OpenFlags.ReadOnly | OpenFlags.Directory | (path.Length == 0 ? 0 : NoFollowBelow(path)));
        if (!opened.IsOk)
            return opened.Error;
        var names = new List<byte[]>();
        var error = ReadNames(opened.Descriptor, names);
        if (error != Errno.None)
        {
            opened.Descriptor.Dispose();
            return error;
        }
        names.Sort(static (left, right) => left.AsSpan().SequenceCompareTo(right));
        LeaveDirectory();
        _directory = opened.Descriptor;
        _levels.Push(new Level(path, names));
        return Errno.None;
    }

    private static Errno ReadNames(FileDescriptor directory, List<byte[]> names)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BytesAtOnce);
        try
        {
            while (true)
            {
                var read = Libc.ReadDirectory(directory, buffer);
                if (!read.IsOk || read.Count == 0)
                    return read.Error;
                var entries = new DirectoryEntries(buffer.AsSpan(0, (int)read.Count));
                while (entries.MoveNext())
                    names.Add(entries.Name.ToArray());
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private Errno Reopen(Level level)
    {
        var opened = OpenBeneath.Open(_root, level.Path.Length == 0 ? "."u8 : level.Path, OpenFlags.Path | OpenFlags.Directory);
        _directory = opened.IsOk ? opened.Descriptor : null;
        return opened.Error;
    }

    // Where the listing begins a link may lead; below, links are named and not followed.
    private OpenFlags NoFollowBelow(byte[] path) => path.Length > _top.Length ? OpenFlags.NoFollow : 0;

    private void LeaveDirectory()
    {
        _directory?.Dispose();
        _directory = null;
    }

    /// <summary>Whether all at and below a path comes before where to begin.</summary>
    private bool IsBefore(ReadOnlySpan<byte> path) => _after is not null && !IsAncestorOfAfter(path) && Compare(path, _after) < 0 && !IsBelowAfter(path);

    private bool IsBelowAfter(ReadOnlySpan<byte> path) => path.Length > _after!.Length && path[_after.Length] == '/' && path.StartsWith(_after);

    private bool IsAncestorOfAfter(ReadOnlySpan<byte> path) =>
        _after is not null && _after.Length > path.Length && _after[path.Length] == '/' && _after.AsSpan().StartsWith(path);

    /// <summary>Component by component, byte by byte: '/' comes before every other byte.</summary>
    private static int Compare(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        var common = left.CommonPrefixLength(right);
        return common == left.Length ? common == right.Length ? 0 : -1
            : common == right.Length ? 1
            : Rank(left[common]) - Rank(right[common]);
    }

    private static int Rank(byte value) => value == '/' ? -1 : value;

    private static byte[] Join(byte[] directory, byte[] name) => directory.Length == 0 ? name : [.. directory, (byte)'/', .. name];

    private sealed class Level(byte[] path, List<byte[]> names)
    {
        public byte[] Path { get; } = path;

        public List<byte[]> Names { get; } = names;

        public int At { get; set; }
    }
}
