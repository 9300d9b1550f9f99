using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Trainyard.Core.Hashing;

/// <content>Four times two lanes.</content>
internal static partial class Xxh3Lanes
{
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Vector512<ulong> TakeBy128(Vector512<ulong> lanes, ReadOnlySpan<byte> stripes, int keyOffset)
    {
        ref var input = ref MemoryMarshal.GetReference(stripes);
        ref var secret = ref MemoryMarshal.GetReference(Secret);
        var (first, second) = (lanes.GetLower().GetLower(), lanes.GetLower().GetUpper());
        var (third, fourth) = (lanes.GetUpper().GetLower(), lanes.GetUpper().GetUpper());
        for (var at = 0; at < stripes.Length;)
        {
            var end = Math.Min(at + BlockLength, stripes.Length);
            var isWhole = end - at == BlockLength;
            for (var key = keyOffset; at < end; at += StripeLength, key += KeyStep)
            {
                first = Stripe(first, Vector128.LoadUnsafe(ref input, (nuint)at), Vector128.LoadUnsafe(ref secret, (nuint)key));
                second = Stripe(second, Vector128.LoadUnsafe(ref input, (nuint)at + 16), Vector128.LoadUnsafe(ref secret, (nuint)key + 16));
                third = Stripe(third, Vector128.LoadUnsafe(ref input, (nuint)at + 32), Vector128.LoadUnsafe(ref secret, (nuint)key + 32));
                fourth = Stripe(fourth, Vector128.LoadUnsafe(ref input, (nuint)at + 48), Vector128.LoadUnsafe(ref secret, (nuint)key + 48));
            }
            if (isWhole)
            {
                first = Scramble(first, Vector128.LoadUnsafe(ref secret, ScrambleKey));
                second = Scramble(second, Vector128.LoadUnsafe(ref secret, ScrambleKey + 16));
                third = Scramble(third, Vector128.LoadUnsafe(ref secret, ScrambleKey + 32));
                fourth = Scramble(fourth, Vector128.LoadUnsafe(ref secret, ScrambleKey + 48));
            }
        }
        return Vector512.Create(Vector256.Create(first, second), Vector256.Create(third, fourth));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ulong> Stripe(Vector128<ulong> lanes, Vector128<byte> input, Vector128<byte> secret)
    {
        var keyed = (input ^ secret).AsUInt64();
        var neighbours = Vector128.Shuffle(input.AsUInt64(), Vector128.Create(1UL, 0));
        return lanes + (neighbours + Product(keyed, keyed >> 32));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ulong> Scramble(Vector128<ulong> lanes, Vector128<byte> secret)
    {
        var keyed = lanes ^ (lanes >> 47) ^ secret.AsUInt64();
        var prime = Vector128.Create((ulong)Prime32One);
        return Product(keyed, prime) + (Product(keyed >> 32, prime) << 32);
    }

    // Of the lower halves: one instruction, or two, where there are such.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ulong> Product(Vector128<ulong> left, Vector128<ulong> right) =>
        Sse2.IsSupported ? Sse2.Multiply(left.AsUInt32(), right.AsUInt32())
        : AdvSimd.IsSupported
            ? AdvSimd.MultiplyWideningLower(AdvSimd.ExtractNarrowingLower(left), AdvSimd.ExtractNarrowingLower(right))
        : (left & Vector128.Create((ulong)uint.MaxValue)) * (right & Vector128.Create((ulong)uint.MaxValue));
}
