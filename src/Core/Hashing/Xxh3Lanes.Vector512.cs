using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Trainyard.Core.Hashing;

/// <content>All eight lanes at once.</content>
internal static partial class Xxh3Lanes
{
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Vector512<ulong> TakeBy512(Vector512<ulong> lanes, ReadOnlySpan<byte> stripes, int keyOffset)
    {
        ref var input = ref MemoryMarshal.GetReference(stripes);
        ref var secret = ref MemoryMarshal.GetReference(Secret);
        for (var at = 0; at < stripes.Length;)
        {
            var end = Math.Min(at + BlockLength, stripes.Length);
            var isWhole = end - at == BlockLength;
            for (var key = keyOffset; at < end; at += StripeLength, key += KeyStep)
                lanes = Stripe(lanes, Vector512.LoadUnsafe(ref input, (nuint)at), Vector512.LoadUnsafe(ref secret, (nuint)key));
            if (isWhole)
                lanes = Scramble(lanes, Vector512.LoadUnsafe(ref secret, ScrambleKey));
        }
        return lanes;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ulong> Stripe(Vector512<ulong> lanes, Vector512<byte> input, Vector512<byte> secret)
    {
        var keyed = (input ^ secret).AsUInt64();
        var neighbours = Vector512.Shuffle(input.AsUInt64(), Vector512.Create(1UL, 0, 3, 2, 5, 4, 7, 6));
        return lanes + (neighbours + Product(keyed, keyed >> 32));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ulong> Scramble(Vector512<ulong> lanes, Vector512<byte> secret)
    {
        var keyed = lanes ^ (lanes >> 47) ^ secret.AsUInt64();
        var prime = Vector512.Create((ulong)Prime32One);
        return Product(keyed, prime) + (Product(keyed >> 32, prime) << 32);
    }

    // Of the lower halves: one instruction where there is one.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ulong> Product(Vector512<ulong> left, Vector512<ulong> right) =>
        Avx512F.IsSupported ? Avx512F.Multiply(left.AsUInt32(), right.AsUInt32())
        : (left & Vector512.Create((ulong)uint.MaxValue)) * (right & Vector512.Create((ulong)uint.MaxValue));
}
