using System.Buffers.Binary;
using System.IO.Hashing;
using System.Runtime.Intrinsics;

namespace Trainyard.Core.Hashing;

/// <summary>XXH128 with seed 0 of bytes as they come, whose state can be saved at any time and gone on from by somebody else.</summary>
/// <remarks>
/// <para>
/// XXH3 takes a long input in blocks of 1024 bytes, and its last stripe of 64 a second time in another way (doc/xxhash_spec.md of
/// github.com/Cyan4973/xxHash, "XXH3 algorithm for long inputs"). So a block is taken in only once a stripe follows it: what is kept back
/// is all that the end needs, and what is taken in is a <see cref="Xxh128Checkpoint"/>.
/// </para>
/// <para>Not thread-safe.</para>
/// </remarks>
public sealed class ResumableXxh128
{
    /// <summary>Bytes of a digest.</summary>
    public const int DigestLength = 16;

    /// <summary>Up to here XXH128 is another algorithm, which needs all bytes at once.</summary>
    private const int LongestShortInput = 240;

    private const int KeptBack = Xxh3Lanes.BlockLength + Xxh3Lanes.StripeLength;

    private readonly byte[] _kept = new byte[KeptBack - 1];
    private int _keptLength;
    private long _taken;
    private Vector512<ulong> _lanes;

    /// <summary>A digest that goes on behind a checkpoint.</summary>
    /// <param name="from">What was saved; <c>default</c> is the beginning.</param>
    public ResumableXxh128(Xxh128Checkpoint from = default) => Restart(from);

    /// <summary>Bytes up to now, those before the first checkpoint included.</summary>
    public long Position => _taken + _keptLength;

    /// <summary>The latest state that can be gone on from, by appending all bytes behind its position again; at most 1087 bytes back.</summary>
    public Xxh128Checkpoint Checkpoint => _taken == 0 ? default : new(_taken, _lanes);

    /// <summary>Forgets all bytes, and goes on behind a checkpoint.</summary>
    /// <param name="from">What was saved; <c>default</c> is the beginning.</param>
    public void Restart(Xxh128Checkpoint from = default)
    {
        _keptLength = 0;
        _taken = from.Position;
        _lanes = from.Position == 0 ? Xxh3Lanes.Initial : from.Lanes;
    }

    /// <summary>The next bytes.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        // At most twice: 1 to 63 bytes behind a block that was kept back begin another one.
        while (_keptLength > 0 && _keptLength + (long)bytes.Length >= KeptBack)
        {
            var missing = Math.Max(0, Xxh3Lanes.BlockLength - _keptLength);
            Keep(bytes[..missing]);
            bytes = bytes[missing..];
            Take(_kept.AsSpan(0, Xxh3Lanes.BlockLength));
            _keptLength -= Xxh3Lanes.BlockLength;
            _kept.AsSpan(Xxh3Lanes.BlockLength, _keptLength).CopyTo(_kept);
        }
        if (bytes.Length >= KeptBack)
        {
            var whole = (bytes.Length - Xxh3Lanes.StripeLength) & -Xxh3Lanes.BlockLength;
            Take(bytes[..whole]);
            bytes = bytes[whole..];
        }
        Keep(bytes);
    }

    /// <summary>The digest of all bytes up to now, in canonical (big-endian) order. More may be appended behind it.</summary>
    /// <param name="digest">At least <see cref="DigestLength"/> bytes.</param>
    /// <remarks>
    /// Behind a checkpoint it needs all bytes that had been appended when it was taken, at least 64; with fewer it is the digest of
    /// no file at all, and compares equal to none.
    /// </remarks>
    public void Finish(Span<byte> digest)
    {
        if (_taken == 0 && _keptLength <= LongestShortInput)
        {
#pragma warning disable RS0030 // The one namespace below System.IO that only computes.
            XxHash128.Hash(_kept.AsSpan(0, _keptLength), digest);
#pragma warning restore RS0030
            return;
        }
        var whole = (_keptLength - 1) / Xxh3Lanes.StripeLength * Xxh3Lanes.StripeLength;
        var last = Math.Max(0, _keptLength - Xxh3Lanes.StripeLength);
        var lanes = Xxh3Lanes.Take(_lanes, _kept.AsSpan(0, whole), keyOffset: 0);
        lanes = Xxh3Lanes.Take(lanes, _kept.AsSpan(last, Xxh3Lanes.StripeLength), Xxh3Lanes.LastStripeKey);
        var (high, low) = Xxh3Lanes.Merge(lanes, (ulong)Position);
        BinaryPrimitives.WriteUInt64BigEndian(digest, high);
        BinaryPrimitives.WriteUInt64BigEndian(digest[sizeof(ulong)..], low);
    }

    private void Take(ReadOnlySpan<byte> blocks)
    {
        _lanes = Xxh3Lanes.Take(_lanes, blocks, keyOffset: 0);
        _taken += blocks.Length;
    }

    private void Keep(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_kept.AsSpan(_keptLength));
        _keptLength += bytes.Length;
    }
}
