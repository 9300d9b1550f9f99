using System.Buffers.Binary;
using System.Runtime.Intrinsics;

namespace Trainyard.Core.Hashing;

/// <summary>What XXH3 does to its eight accumulators ("lanes"); names and constants as in xxHash's doc/xxhash_spec.md, seed 0.</summary>
/// <remarks>
/// A stripe of 64 bytes has eight numbers, one a lane. Each lane adds its neighbour's number, and the product of the two halves of its own
/// number after that was combined with the secret. Behind 16 stripes, a block, the lanes are scrambled. The loops stay methods of
/// their own, with all else inlined into them: the JIT once inlined a loop into its caller, had no budget left for the scrambling, and so
/// moved the lanes through memory, five times slower.
/// </remarks>
internal static partial class Xxh3Lanes
{
    /// <summary>Bytes of a stripe.</summary>
    public const int StripeLength = 64;

    /// <summary>Bytes of a block.</summary>
    public const int BlockLength = 1024;

    /// <summary>Where the secret of an input's last stripe begins.</summary>
    public const int LastStripeKey = 121;

    private const int KeyStep = sizeof(ulong);
    private const int ScrambleKey = 128;
    private const int LowKey = 11;
    private const int HighKey = 117;

    private const uint Prime32One = 0x9E3779B1;
    private const uint Prime32Two = 0x85EBCA77;
    private const uint Prime32Three = 0xC2B2AE3D;
    private const ulong Prime64One = 0x9E3779B185EBCA87;
    private const ulong Prime64Two = 0xC2B2AE3D27D4EB4F;
    private const ulong Prime64Three = 0x165667B19E3779F9;
    private const ulong Prime64Four = 0x85EBCA77C2B2AE63;
    private const ulong Prime64Five = 0x27D4EB2F165667C5;
    private const ulong PrimeMixOne = 0x165667919E3779F9;

    /// <summary>The lanes before the first byte.</summary>
    public static Vector512<ulong> Initial => Vector512.Create(
        Prime32Three, Prime64One, Prime64Two, Prime64Three, Prime64Four, Prime32Two, Prime64Five, Prime32One);

    private static ReadOnlySpan<byte> Secret =>
    [
        0xb8, 0xfe, 0x6c, 0x39, 0x23, 0xa4, 0x4b, 0xbe, 0x7c, 0x01, 0x81, 0x2c, 0xf7, 0x21, 0xad, 0x1c,
        0xde, 0xd4, 0x6d, 0xe9, 0x83, 0x90, 0x97, 0xdb, 0x72, 0x40, 0xa4, 0xa4, 0xb7, 0xb3, 0x67, 0x1f,
        0xcb, 0x79, 0xe6, 0x4e, 0xcc, 0xc0, 0xe5, 0x78, 0x82, 0x5a, 0xd0, 0x7d, 0xcc, 0xff, 0x72, 0x21,
        0xb8, 0x08, 0x46, 0x74, 0xf7, 0x43, 0x24, 0x8e, 0xe0, 0x35, 0x90, 0xe6, 0x81, 0x3a, 0x26, 0x4c,
        0x3c, 0x28, 0x52, 0xbb, 0x91, 0xc3, 0x00, 0xcb, 0x88, 0xd0, 0x65, 0x8b, 0x1b, 0x53, 0x2e, 0xa3,
        0x71, 0x64, 0x48, 0x97, 0xa2, 0x0d, 0xf9, 0x4e, 0x38, 0x19, 0xef, 0x46, 0xa9, 0xde, 0xac, 0xd8,
        0xa8, 0xfa, 0x76, 0x3f, 0xe3, 0x9c, 0x34, 0x3f, 0xf9, 0xdc, 0xbb, 0xc7, 0xc7, 0x0b, 0x4f, 0x1d,
        0x8a, 0x51, 0xe0, 0x4b, 0xcd, 0xb4, 0x59, 0x31, 0xc8, 0x9f, 0x7e, 0xc9, 0xd9, 0x78, 0x73, 0x64,
        0xea, 0xc5, 0xac, 0x83, 0x34, 0xd3, 0xeb, 0xc3, 0xc5, 0x81, 0xa0, 0xff, 0xfa, 0x13, 0x63, 0xeb,
        0x17, 0x0d, 0xdd, 0x51, 0xb7, 0xf0, 0xda, 0x49, 0xd3, 0x16, 0x55, 0x26, 0x29, 0xd4, 0x68, 0x9e,
        0x2b, 0x16, 0xbe, 0x58, 0x7d, 0x47, 0xa1, 0xfc, 0x8f, 0xf8, 0xb8, 0xd1, 0x7a, 0xd0, 0x31, 0xce,
        0x45, 0xcb, 0x3a, 0x8f, 0x95, 0x16, 0x04, 0x28, 0xaf, 0xd7, 0xfb, 0xca, 0xbb, 0x4b, 0x40, 0x7e,
    ];

    /// <summary>Takes stripes in, the first of them being the first of a block, and scrambles behind each whole block.</summary>
    /// <param name="lanes">The lanes before.</param>
    /// <param name="stripes">A multiple of <see cref="StripeLength"/> bytes.</param>
    /// <param name="keyOffset">Where in the secret the first stripe's key begins.</param>
    /// <returns>The lanes after.</returns>
    public static Vector512<ulong> Take(Vector512<ulong> lanes, ReadOnlySpan<byte> stripes, int keyOffset) =>
        !BitConverter.IsLittleEndian ? TakeByNumber(lanes, stripes, keyOffset)
        : Vector512.IsHardwareAccelerated ? TakeBy512(lanes, stripes, keyOffset)
        : Vector256.IsHardwareAccelerated ? TakeBy256(lanes, stripes, keyOffset)
        : Vector128.IsHardwareAccelerated ? TakeBy128(lanes, stripes, keyOffset)
        : TakeByNumber(lanes, stripes, keyOffset);

    /// <summary>The two halves of the digest.</summary>
    /// <param name="lanes">The lanes behind the last stripe.</param>
    /// <param name="length">Bytes of the whole input.</param>
    public static (ulong High, ulong Low) Merge(Vector512<ulong> lanes, ulong length) =>
        (Merge(lanes, HighKey, ~(length * Prime64Two)), Merge(lanes, LowKey, length * Prime64One));

    private static ulong Merge(Vector512<ulong> lanes, int keyOffset, ulong sum)
    {
        for (var lane = 0; lane < Vector512<ulong>.Count; lane += 2)
        {
            var high = Math.BigMul(
                lanes[lane] ^ Key(keyOffset + (lane * KeyStep)), lanes[lane + 1] ^ Key(keyOffset + ((lane + 1) * KeyStep)), out var low);
            sum += high ^ low;
        }
        sum = (sum ^ (sum >> 37)) * PrimeMixOne;
        return sum ^ (sum >> 32);
    }

    private static ulong Key(int offset) => BinaryPrimitives.ReadUInt64LittleEndian(Secret[offset..]);
}
