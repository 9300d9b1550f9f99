using System.Globalization;
using System.Text;
using Trainyard.Core.Protocol;
using Trainyard.Shell.Linux;

namespace Trainyard.Shell.Storage;

/// <summary>Digests at rest, so that they are not computed twice and damage is found later.</summary>
/// <remarks>
/// An upload gets its digest as an attribute of the file (<c>user.trainyard.ALGORITHM</c>), before it has its name. A file that was found here
/// does not: to write the attribute would change its time of change, and with it its identity, under those who are just fetching it. Its digest,
/// and an upload's where the file system has no attributes, goes into a file of <c>.trainyard-hashes/</c> at the root, named after device and inode;
/// a smaller file than <see cref="LeastBeside"/> is hashed again sooner than that is looked up. Nothing here is needed: what cannot be stored or
/// read is computed. Both are believed only as <see cref="DigestBinding"/> says.
/// </remarks>
internal sealed class DigestStore : IDisposable
{
    /// <summary>The smallest file whose digest is kept beside it, in bytes.</summary>
    public const long LeastBeside = 256 * 1024;

    private const int SearchableByOwner = 0b111_000_000;

    private readonly FileDescriptor _root;
    private readonly bool _readOnly;

    /// <summary>The digests of a tree.</summary>
    /// <param name="root">The tree's root. The store owns it.</param>
    /// <param name="readOnly">Whether nothing may be written.</param>
    public DigestStore(FileDescriptor root, bool readOnly)
    {
        _root = root;
        _readOnly = readOnly;
    }

    /// <summary>Where the digests of files that were found are.</summary>
    public static ReadOnlySpan<byte> DirectoryName => ".trainyard-hashes"u8;

    /// <summary>The digest of a file as it is, if it is known.</summary>
    /// <param name="file">Open for reading.</param>
    /// <param name="status">What it is.</param>
    /// <param name="algorithm">How it should have been computed.</param>
    public Opaque? Find(FileDescriptor file, FileStatus status, HashAlgorithm algorithm) =>
        Read(file, status, algorithm) is { IsBelieved: true } found ? found.Digest : null;

    /// <summary>The digest that was stored last, whether or not it is of the file as it is.</summary>
    public AtRest? Read(FileDescriptor file, FileStatus status, HashAlgorithm algorithm)
    {
        Span<byte> bytes = stackalloc byte[DigestRecord.LongestLength];
        AtRest? found = null;
        var attribute = Libc.GetAttribute(file, AttributeName(algorithm), bytes);
        // A copy of the file may have brought the attribute along: only that of this very inode tells anything.
        if (attribute.IsOk && DigestRecord.TryDecode(bytes[..(int)attribute.Count], algorithm, out var bound, out var digest)
            && DigestBinding.IsOfInode(bound, status))
            found = new(digest, DigestBinding.Holds(bound, status, DigestBinding.Tolerance));
        if (found is { IsBelieved: true } || status.Size < LeastBeside || ReadBeside(status, algorithm, bytes) is not (> 0 and var count))
            return found;
        return DigestRecord.TryDecode(bytes[..count], algorithm, out bound, out digest)
            ? new(digest, DigestBinding.Holds(bound, status, tolerance: 0))
            : found;
    }

    /// <summary>Stores a digest with a file that nobody knows yet.</summary>
    /// <param name="file">Its size and times are final; only its name is to come, at once.</param>
    /// <param name="status">Its size and time of modification, and which it is.</param>
    /// <param name="algorithm">How the digest was computed.</param>
    /// <param name="digest">The digest.</param>
    /// <returns>
    /// The clock as it was stored along, in nanoseconds since 1970: the digest is believed while the file's time of change lies within <see
    /// cref="DigestBinding.Tolerance"/> of it. <c>null</c> where the file system does not take it.
    /// </returns>
    public static long? StoreWithin(FileDescriptor file, FileStatus status, HashAlgorithm algorithm, Opaque digest)
    {
        var now = (DateTime.UtcNow - DateTime.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick;
        Span<byte> bound = stackalloc byte[DigestRecord.BoundLength];
        DigestBinding.Write(status, now, bound);
        return Libc.SetAttribute(file, AttributeName(algorithm), DigestRecord.Encode(algorithm, bound, digest.Span)) == Errno.None ? now : null;
    }

    /// <summary>Stores a digest beside a file, without touching it.</summary>
    /// <param name="status">What the file was before the first of its bytes was read.</param>
    /// <param name="algorithm">How the digest was computed.</param>
    /// <param name="digest">The digest of its bytes.</param>
    public void StoreBeside(FileStatus status, HashAlgorithm algorithm, Opaque digest)
    {
        if (_readOnly || status.Size < LeastBeside)
            return;
        Span<byte> bound = stackalloc byte[DigestRecord.BoundLength];
        DigestBinding.Write(status, status.ChangedNs, bound);
        var made = Libc.MakeDirectory(_root, DirectoryName, SearchableByOwner);
        if (made is not (Errno.None or Errno.Exists) || OpenDirectory() is not { } directory)
            return;
        using (directory)
        {
            var temporary = TemporaryName.Create();
            var opened = Libc.Open(
                directory, temporary, OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Exclusive | OpenFlags.NoFollow, Permissions.OwnerOnly);
            if (!opened.IsOk)
                return;
            using (opened.Descriptor)
            {
                var record = DigestRecord.Encode(algorithm, bound, digest.Span);
                var isWritten = Libc.WriteAt(opened.Descriptor, record, 0) is { IsOk: true } written && written.Count == record.Length;
                if (!isWritten || Libc.Rename(directory, temporary, directory, NameBeside(status, algorithm)) != Errno.None)
                    _ = Libc.Unlink(directory, temporary);
            }
        }
    }

    /// <summary>What a file's digests are called that are kept beside it, up to the algorithm.</summary>
    public static string StemBeside(FileStatus status) => string.Create(CultureInfo.InvariantCulture, $"{status.Device:x}-{status.Inode:x}");

    /// <summary>Removes the digests beside files that are not there any more.</summary>
    /// <param name="present">What the digests of those are called that are (<see cref="StemBeside"/>).</param>
    public void Forget(HashSet<string> present)
    {
        var opened = Libc.Open(_root, DirectoryName, OpenFlags.ReadOnly | OpenFlags.Directory | OpenFlags.NoFollow);
        if (!opened.IsOk)
            return;
        using var directory = opened.Descriptor;
        var gone = new List<byte[]>();
        var buffer = new byte[Libc.LongestEntry * 64];
        while (Libc.ReadDirectory(directory, buffer) is { IsOk: true, Count: > 0 } read)
        {
            var entries = new DirectoryEntries(buffer.AsSpan(0, (int)read.Count));
            while (entries.MoveNext())
                if (!HiddenNames.Is(entries.Name) && !present.Contains(Encoding.Latin1.GetString(entries.Name).Split('.')[0]))
                    gone.Add(entries.Name.ToArray());
        }
        foreach (var name in gone)
            _ = Libc.Unlink(directory, name);
    }

    /// <inheritdoc/>
    public void Dispose() => _root.Dispose();

    private int ReadBeside(FileStatus status, HashAlgorithm algorithm, Span<byte> bytes)
    {
        var name = (byte[])[.. DirectoryName, (byte)'/', .. NameBeside(status, algorithm)];
        var opened = OpenBeneath.Open(_root, name, OpenFlags.ReadOnly | OpenFlags.NoFollow | OpenFlags.NonBlocking);
        if (!opened.IsOk)
            return 0;
        using (opened.Descriptor)
            return Libc.Status(opened.Descriptor).Type == FileType.Regular ? (int)Libc.ReadAt(opened.Descriptor, bytes, 0).Count : 0;
    }

    private FileDescriptor? OpenDirectory() =>
        Libc.Open(_root, DirectoryName, OpenFlags.Path | OpenFlags.Directory | OpenFlags.NoFollow).Descriptor;

    private static byte[] NameBeside(FileStatus status, HashAlgorithm algorithm) =>
        Encoding.ASCII.GetBytes($"{StemBeside(status)}.{(int)algorithm}");

    private static ReadOnlySpan<byte> AttributeName(HashAlgorithm algorithm) =>
        algorithm switch
        {
            HashAlgorithm.Sha256 => "user.trainyard.sha256\0"u8,
            HashAlgorithm.Md5 => "user.trainyard.md5\0"u8,
            _ => "user.trainyard.xxh128\0"u8,
        };

    /// <summary>A digest that was stored.</summary>
    /// <param name="Digest">The digest.</param>
    /// <param name="IsBelieved">Whether the file is, by all the kernel says, what it was then.</param>
    internal readonly record struct AtRest(Opaque Digest, bool IsBelieved);
}
