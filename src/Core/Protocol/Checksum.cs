using System.Buffers.Binary;
using System.Numerics;

namespace Trainyard.Core.Protocol;

/// <summary>The last bytes of each control train's body: CRC-32C (RFC 3720, appendix B.4) of everything before them, header included, little-endian.</summary>
/// <remarks>
/// TCP's own checksum lets through what a faulty device or proxy has changed, and a request or description with a flipped bit may still read
/// well: the file would get another name, time or mode. File bytes are covered by their digest instead.
/// </remarks>
public static class Checksum
{
    /// <summary>Its size, in bytes.</summary>
    public const int Size = 4;

    /// <summary>Writes the checksum of a train into its last bytes.</summary>
    /// <param name="train">Header and body, at least <see cref="Size"/> bytes.</param>
    public static void Seal(Span<byte> train) => BinaryPrimitives.WriteUInt32LittleEndian(train[^Size..], Of(train[..^Size]));

    /// <summary>Whether a train's last bytes are its checksum.</summary>
    public static bool Holds(ReadOnlySpan<byte> train) =>
        train.Length >= Size && BinaryPrimitives.ReadUInt32LittleEndian(train[^Size..]) == Of(train[..^Size]);

    /// <summary>The CRC-32C of bytes.</summary>
    internal static uint Of(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        foreach (var b in bytes)
            crc = BitOperations.Crc32C(crc, b);
        return ~crc;
    }
}
