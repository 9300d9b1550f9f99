using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Trainyard.Core.Hashing;

/// <content>Two times four lanes.</content>
internal static partial class Xxh3Lanes
{
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Vector512<ulong> TakeBy256(Vector512<ulong> lanes, ReadOnlySpan<byte> stripes, int keyOffset)
    {
        ref var input = ref MemoryMarshal.GetReference(stripes);
        ref var secret = ref MemoryMarshal.GetReference(Secret);
        var (lower, upper) = (lanes.GetLower(), lanes.GetUpper());
        for (var at = 0; at < stripes.Length;)
        {
            var end = Math.Min(at + BlockLength, stripes.Length);
            var isWhole = end - at == BlockLength;
            for (var key = keyOffset; at < end; at += StripeLength, key += KeyStep)
            {
                lower = Stripe(lower, Vector256.LoadUnsafe(ref input, (nuint)at), Vector256.LoadUnsafe(ref secret, (nuint)key));
                upper = Stripe(upper, Vector256.LoadUnsafe(ref input, (nuint)at + 32), Vector256.LoadUnsafe(ref secret, (nuint)key + 32));
            }
            if (isWhole)
            {
                lower = Scramble(lower, Vector256.LoadUnsafe(ref secret, ScrambleKey));
                upper = Scramble(upper, Vector256.LoadUnsafe(ref secret, ScrambleKey + 32));
            }
        }
        return Vector512.Create(lower, upper);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<ulong> Stripe(Vector256<ulong> lanes, Vector256<byte> input, Vector256<byte> secret)
    {
        var keyed = (input ^ secret).AsUInt64();
        var neighbours = Vector256.Shuffle(input.AsUInt64(), Vector256.Create(1UL, 0, 3, 2));
        return lanes + (neighbours + Product(keyed, keyed >> 32));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<ulong> Scramble(Vector256<ulong> lanes, Vector256<byte> secret)
    {
        var keyed = lanes ^ (lanes >> 47) ^ secret.AsUInt64();
        var prime = Vector256.Create((ulong)Prime32One);
        return Product(keyed, prime) + (Product(keyed >> 32, prime) << 32);
    }

    // Of the lower halves: one instruction where there is one.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<ulong> Product(Vector256<ulong> left, Vector256<ulong> right) =>
        Avx2.IsSupported ? Avx2.Multiply(left.AsUInt32(), right.AsUInt32())
        : (left & Vector256.Create((ulong)uint.MaxValue)) * (right & Vector256.Create((ulong)uint.MaxValue));
}
