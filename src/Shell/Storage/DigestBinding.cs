using System.Buffers.Binary;
using System.IO.Hashing;
using Trainyard.Shell.Linux;

namespace Trainyard.Shell.Storage;

/// <summary>What a digest at rest is bound to: device, inode, size, time of modification, and a time that no program can set.</summary>
/// <remarks>
/// That time is the file's time of change (ctime, inode(7)). A record beside the file holds it exactly. One in an attribute of the file cannot:
/// to write the attribute is a change itself. It holds the clock of that moment instead, and the time of change must lie within <see
/// cref="Tolerance"/> of it. So a file that was changed later and had its time of modification put back is not believed, unless that was done
/// within that tolerance of the storing; nor is one that was renamed, or had its permissions changed, later: its digest is computed anew.
/// </remarks>
internal static class DigestBinding
{
    /// <summary>How far the kernel's time of change may lie from the clock, in nanoseconds: its ticks are 10 ms at most, and a rename follows.</summary>
    public const long Tolerance = 25_000_000;

    private const int PlaceOffset = 0;
    private const int ContentOffset = sizeof(ulong);
    private const int StampOffset = 2 * sizeof(ulong);

    /// <summary>The binding of a file with this status.</summary>
    /// <param name="status">The status.</param>
    /// <param name="stampNs">The time of change, or the clock, in nanoseconds since 1970.</param>
    /// <param name="destination">Exactly <see cref="DigestRecord.BoundLength"/> bytes.</param>
    public static void Write(FileStatus status, long stampNs, Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(destination[PlaceOffset..], Mix(status.Device, status.Inode));
        BinaryPrimitives.WriteUInt64LittleEndian(destination[ContentOffset..], Mix((ulong)status.Size, (ulong)status.ModifiedNs));
        BinaryPrimitives.WriteInt64LittleEndian(destination[StampOffset..], stampNs);
    }

    /// <summary>Whether a digest was stored with this very inode, whatever happened to it since.</summary>
    public static bool IsOfInode(ReadOnlySpan<byte> bound, FileStatus status) =>
        BinaryPrimitives.ReadUInt64LittleEndian(bound[PlaceOffset..]) == Mix(status.Device, status.Inode);

    /// <summary>Whether a digest is of the file with this status.</summary>
    /// <param name="bound">What it is bound to.</param>
    /// <param name="status">The file as it is.</param>
    /// <param name="tolerance">How far the times of change may lie apart, in nanoseconds.</param>
    public static bool Holds(ReadOnlySpan<byte> bound, FileStatus status, long tolerance)
    {
        Span<byte> actual = stackalloc byte[DigestRecord.BoundLength];
        Write(status, status.ChangedNs, actual);
        var stamp = BinaryPrimitives.ReadInt64LittleEndian(bound[StampOffset..]);
        return bound[..StampOffset].SequenceEqual(actual[..StampOffset])
            && (UInt128)Int128.Abs((Int128)stamp - status.ChangedNs) <= (UInt128)tolerance;
    }

    // Two numbers as one of 64 bits (XXH3): what is bound has to be short, see DigestRecord.
    private static ulong Mix(ulong one, ulong other)
    {
        Span<byte> bytes = stackalloc byte[2 * sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, one);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[sizeof(ulong)..], other);
        return XxHash3.HashToUInt64(bytes);
    }
}
