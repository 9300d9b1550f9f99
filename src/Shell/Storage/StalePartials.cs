using System.Buffers;
using Trainyard.Shell.Linux;

namespace Trainyard.Shell.Storage;

/// <summary>Clears away what transfers have left that nobody went on with. Never what is in use, by whatever process.</summary>
/// <remarks>
/// Whoever has a file on its way open holds its lock, shared; so it is taken alone here before anything is removed. Then the map goes first: whoever
/// has opened that meanwhile looks at its name once more after locking (<see cref="PartialOpening"/>).
/// </remarks>
internal static class StalePartials
{
    private const int BytesAtOnce = 32 * 1024;

    private static ReadOnlySpan<byte> TemporaryEnding => ".tmp"u8;

    /// <summary>Walks a whole tree. Links are not followed.</summary>
    /// <param name="root">Its root, open in any way.</param>
    /// <param name="before">What was changed at this time or later stays, in nanoseconds since 1970.</param>
    /// <param name="cancellation">Ends the walk early.</param>
    /// <returns>How many files were removed.</returns>
    public static int Collect(FileDescriptor root, long before, CancellationToken cancellation)
    {
        var removed = 0;
        var paths = new Stack<byte[]>();
        paths.Push([(byte)'.']);
        while (paths.TryPop(out var path) && !cancellation.IsCancellationRequested)
        {
            var opened = OpenBeneath.Open(root, path, OpenFlags.ReadOnly | OpenFlags.Directory | OpenFlags.NoFollow);
            if (!opened.IsOk)
                continue;
            using (opened.Descriptor)
                foreach (var name in Read(opened.Descriptor, path, paths))
                    removed += Remove(opened.Descriptor, name, before);
        }
        return removed;
    }

    /// <summary>Removes the map of a file that has its name already, unless somebody goes on with something under the same key.</summary>
    public static void RemoveMap(FileDescriptor directory, string key) => _ = Remove(directory, PartialNames.Map(key), long.MaxValue);

    private static List<byte[]> Read(FileDescriptor directory, byte[] path, Stack<byte[]> below)
    {
        var hidden = new List<byte[]>();
        var buffer = ArrayPool<byte>.Shared.Rent(BytesAtOnce);
        while (Libc.ReadDirectory(directory, buffer) is { IsOk: true, Count: > 0 } read)
        {
            var entries = new DirectoryEntries(buffer.AsSpan(0, (int)read.Count));
            while (entries.MoveNext())
            {
                var type = entries.Type;
                if (type == FileType.Unknown && Libc.StatusOf(directory, entries.Name, out var status) == Errno.None)
                    type = status.Type;
                if (type == FileType.Directory)
                    below.Push([.. path, (byte)'/', .. entries.Name]);
                else if (HiddenNames.Is(entries.Name))
                    hidden.Add(entries.Name.ToArray());
            }
        }
        ArrayPool<byte>.Shared.Return(buffer);
        return hidden;
    }

    private static int Remove(FileDescriptor directory, ReadOnlySpan<byte> name, long before)
    {
        if (Libc.StatusOf(directory, name, out var status) != Errno.None || status.ChangedNs >= before)
            return 0;
        if (status.Type == FileType.SymbolicLink)
            return name.EndsWith(TemporaryEnding) && Libc.Unlink(directory, name) == Errno.None ? 1 : 0;
        if (status.Type != FileType.Regular)
            return 0;
        if (name.EndsWith(PartialNames.PartEnding))
            return RemoveUnused(directory, name, before, MapOf(name));
        if (name.EndsWith(TemporaryEnding))
            return RemoveUnused(directory, name, before, map: null);
        return name.EndsWith(PartialNames.MapEnding) && !HasPart(directory, name) ? RemoveUnused(directory, name, before, map: null) : 0;
    }

    private static int RemoveUnused(FileDescriptor directory, ReadOnlySpan<byte> name, long before, byte[]? map)
    {
        if (map is not null && Libc.StatusOf(directory, map, out var marked) == Errno.None && marked.ChangedNs >= before)
            return 0;
        var opened = Libc.Open(directory, name, OpenFlags.ReadOnly | OpenFlags.NoFollow | OpenFlags.NonBlocking);
        if (!opened.IsOk)
            return 0;
        using (opened.Descriptor)
        {
            // What is open may have become another file, or may have been changed, until it was locked.
            if (Libc.TryLock(opened.Descriptor, exclusive: true) != Errno.None
                || Libc.StatusOf(directory, name, out var named) != Errno.None
                || Libc.Status(opened.Descriptor) is var own && (own.Inode != named.Inode || own.ChangedNs >= before)
                || name.EndsWith(PartialNames.MapEnding) && HasPart(directory, name))
                return 0;
            var removed = map is not null && Libc.Unlink(directory, map) == Errno.None ? 1 : 0;
            return Libc.Unlink(directory, name) == Errno.None ? removed + 1 : removed;
        }
    }

    private static byte[] MapOf(ReadOnlySpan<byte> part) => [.. part[..^PartialNames.PartEnding.Length], .. PartialNames.MapEnding];

    private static bool HasPart(FileDescriptor directory, ReadOnlySpan<byte> map) =>
        Libc.StatusOf(directory, [.. map[..^PartialNames.MapEnding.Length], .. PartialNames.PartEnding], out _) == Errno.None;
}
