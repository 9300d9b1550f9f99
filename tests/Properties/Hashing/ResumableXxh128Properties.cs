using System.Buffers.Binary;
using System.IO.Hashing;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Trainyard.Core.Hashing;
using Xunit;

namespace Trainyard.Properties.Hashing;

/// <summary>A digest that stops anywhere and goes on elsewhere is the one that the library computes in one go.</summary>
public class ResumableXxh128Properties
{
    private const int Block = 1024;
    private const int Stripe = 64;

    /// <summary>Lengths around everything that counts: nothing, the short algorithm's end, stripes, blocks, and what is kept back.</summary>
    private static readonly Gen<int> Lengths = Gen.Frequency(
        (3, Gen.Choose(0, 2 * Block)),
        (3, from blocks in Gen.Choose(0, 40)
            from stripes in Gen.Choose(-1, 1)
            from rest in Gen.Choose(-1, 1)
            select Math.Max(0, (blocks * Block) + (stripes * Stripe) + rest)),
        (1, Gen.Choose(0, 300_000)));

    private static readonly Gen<int[]> Cuts = Lengths.ListOf().Select(static lengths => lengths.ToArray());

    [Fact]
    public void Every_length_up_to_four_blocks_has_the_librarys_digest()
    {
        var bytes = Bytes(4 * Block, seed: 1);
        for (var length = 0; length <= bytes.Length; length++)
            Assert.Equal(XxHash128.Hash(bytes.AsSpan(0, length)), Digest(bytes.AsSpan(0, length)));
    }

    [Property(MaxTest = 1000)]
    public Property Any_bytes_cut_anywhere_have_the_librarys_digest() =>
        Prop.ForAll(Lengths.ToArbitrary(), Cuts.ToArbitrary(), static (length, cuts) =>
        {
            var bytes = Bytes(length, seed: cuts.Length);
            return Digest(bytes, cuts).AsSpan().SequenceEqual(XxHash128.Hash(bytes));
        });

    [Property(MaxTest = 1000)]
    public Property From_any_checkpoint_the_digest_goes_on() =>
        Prop.ForAll(Lengths.ToArbitrary(), Lengths.ToArbitrary(), Cuts.ToArbitrary(), static (before, after, cuts) =>
        {
            var bytes = Bytes(before + after, seed: cuts.Length);
            var first = new ResumableXxh128();
            Append(first, bytes.AsSpan(0, before), cuts);
            var second = new ResumableXxh128(Decoded(first.Checkpoint));
            Assert.Equal(first.Checkpoint, second.Checkpoint);
            Assert.Equal(first.Checkpoint.Position, second.Position);
            Append(second, bytes.AsSpan((int)first.Checkpoint.Position), cuts);
            Assert.Equal(bytes.Length, second.Position);
            Assert.Equal(XxHash128.Hash(bytes), Digest(second));
        });

    [Property]
    public Property A_checkpoint_is_the_last_boundary_with_a_stripe_behind_it() =>
        Prop.ForAll(Lengths.ToArbitrary(), Cuts.ToArbitrary(), static (length, cuts) =>
        {
            var digest = new ResumableXxh128();
            Append(digest, Bytes(length, seed: 0), cuts);
            return digest.Checkpoint.Position == Math.Max(0, length - Stripe) / Block * Block;
        });

    [Property]
    public Property A_digest_in_between_changes_nothing_and_a_restart_forgets_all() =>
        Prop.ForAll(Lengths.ToArbitrary(), Lengths.ToArbitrary(), static (before, after) =>
        {
            var bytes = Bytes(before + after, seed: 3);
            var digest = new ResumableXxh128();
            digest.Append(bytes.AsSpan(0, before));
            Assert.Equal(XxHash128.Hash(bytes.AsSpan(0, before)), Digest(digest));
            digest.Append(bytes.AsSpan(before));
            Assert.Equal(XxHash128.Hash(bytes), Digest(digest));
            digest.Restart();
            digest.Append(bytes.AsSpan(before));
            Assert.Equal(XxHash128.Hash(bytes.AsSpan(before)), Digest(digest));
        });

    [Property]
    public Property Any_bytes_are_a_checkpoint_or_none_and_never_throw() =>
        Prop.ForAll(Gen.Choose(0, 100).ToArbitrary(), Lengths.ToArbitrary(), ArbMap.Default.ArbFor<long>(), static (length, more, position) =>
        {
            var bytes = Bytes(length, seed: more);
            // Hardly any position is a boundary by itself.
            if (length >= sizeof(long))
                BinaryPrimitives.WriteInt64LittleEndian(bytes, more % 2 == 0 ? position : position & (long.MaxValue - Block + 1));
            if (Xxh128Checkpoint.Decode(bytes).Case is not Xxh128Checkpoint checkpoint)
                return;
            Assert.True(length >= Xxh128Checkpoint.Length && checkpoint.Position >= 0 && checkpoint.Position % Block == 0);
            var digest = new ResumableXxh128(checkpoint);
            _ = Digest(digest);
            digest.Append(Bytes(more, seed: 0));
            _ = Digest(digest);
            Assert.Equal(digest.Checkpoint, Decoded(digest.Checkpoint));
        });

    [Fact]
    public void The_beginning_is_all_zeros()
    {
        Assert.Equal(default, new ResumableXxh128().Checkpoint);
        Assert.Equal(default, Decoded(default));
        Assert.All(Encoded(default), static b => Assert.Equal(0, b));
        Assert.False(default(Xxh128Checkpoint).Encode(new byte[Xxh128Checkpoint.Length + 1]));
    }

    private static Xxh128Checkpoint Decoded(Xxh128Checkpoint checkpoint) =>
        Xxh128Checkpoint.Decode(Encoded(checkpoint)).IfNone(static () => throw new InvalidOperationException());

    private static byte[] Encoded(Xxh128Checkpoint checkpoint)
    {
        var bytes = new byte[Xxh128Checkpoint.Length];
        Assert.True(checkpoint.Encode(bytes));
        return bytes;
    }

    private static byte[] Digest(ReadOnlySpan<byte> bytes, params ReadOnlySpan<int> cuts)
    {
        var digest = new ResumableXxh128();
        Append(digest, bytes, cuts);
        return Digest(digest);
    }

    private static byte[] Digest(ResumableXxh128 digest)
    {
        var bytes = new byte[ResumableXxh128.DigestLength];
        digest.Finish(bytes);
        return bytes;
    }

    private static void Append(ResumableXxh128 digest, ReadOnlySpan<byte> bytes, ReadOnlySpan<int> cuts)
    {
        foreach (var cut in cuts)
        {
            var length = Math.Min(cut, bytes.Length);
            digest.Append(bytes[..length]);
            bytes = bytes[length..];
        }
        digest.Append(bytes);
    }

    private static byte[] Bytes(int length, int seed)
    {
        var bytes = new byte[length];
        new System.Random(seed).NextBytes(bytes);
        return bytes;
    }
}
