using System.Buffers.Binary;
using System.Runtime.Intrinsics;

namespace Trainyard.Core.Hashing;

/// <content>Lane by lane, as the specification has it: for machines without vectors, or of the other byte order.</content>
internal static partial class Xxh3Lanes
{
    /// <summary>The same as <see cref="Take"/>, for any machine.</summary>
    internal static Vector512<ulong> TakeByNumber(Vector512<ulong> lanes, ReadOnlySpan<byte> stripes, int keyOffset)
    {
        Span<ulong> sums = stackalloc ulong[Vector512<ulong>.Count];
        lanes.CopyTo(sums);
        for (var at = 0; at < stripes.Length; at += StripeLength)
        {
            var stripe = at % BlockLength / StripeLength;
            for (var lane = 0; lane < sums.Length; lane++)
            {
                var number = BinaryPrimitives.ReadUInt64LittleEndian(stripes[(at + (lane * sizeof(ulong)))..]);
                var keyed = number ^ Key(keyOffset + ((stripe + lane) * KeyStep));
                sums[lane ^ 1] += number;
                sums[lane] += (uint)keyed * (keyed >> 32);
            }
            if (stripe == (BlockLength / StripeLength) - 1)
                for (var lane = 0; lane < sums.Length; lane++)
                    sums[lane] = (sums[lane] ^ (sums[lane] >> 47) ^ Key(ScrambleKey + (lane * KeyStep))) * Prime32One;
        }
        return Vector512.Create<ulong>(sums);
    }
}
