using System.Buffers.Binary;
using Trainyard.Core.Protocol;
using Trainyard.Shell.Linux;

namespace Trainyard.Shell.Storage;

/// <summary>
/// What tells one content of a file from another: size, time of modification, inode, and time of the last change of anything (inode(7)), which
/// no program can set. The first three alone would be fooled by a program that puts the time of modification back.
/// </summary>
internal static class FileIdentity
{
    private const int Size = 4 * sizeof(long);

    /// <summary>The identity of a file with this status.</summary>
    public static Opaque Of(FileStatus status)
    {
        Span<byte> bytes = stackalloc byte[Size];
        BinaryPrimitives.WriteInt64BigEndian(bytes, status.Size);
        BinaryPrimitives.WriteInt64BigEndian(bytes[8..], status.ModifiedNs);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[16..], status.Inode);
        BinaryPrimitives.WriteInt64BigEndian(bytes[24..], status.ChangedNs);
        return new(bytes);
    }
}
