using System.IO.Hashing;
using System.Security.Cryptography;
using Trainyard.Core.Hashing;
using Trainyard.Core.Protocol;
using HashAlgorithm = Trainyard.Core.Protocol.HashAlgorithm;

namespace Trainyard.Shell.Storage;

/// <summary>Computes a digest of file bytes as they pass.</summary>
internal sealed class ContentDigest : IDisposable
{
    private readonly IncrementalHash? _cryptographic;
    private readonly ResumableXxh128? _xxh128;

    /// <summary>A digest of nothing yet.</summary>
    public ContentDigest(HashAlgorithm algorithm)
    {
        switch (algorithm)
        {
            case HashAlgorithm.Sha256:
                _cryptographic = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
                break;
            case HashAlgorithm.Md5:
                _cryptographic = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
                break;
            default:
                _xxh128 = new ResumableXxh128();
                break;
        }
    }

    private ContentDigest(Xxh128Checkpoint from) => _xxh128 = new ResumableXxh128(from);

    /// <summary>Goes on with a digest that another process has saved.</summary>
    /// <param name="algorithm">How it is computed.</param>
    /// <param name="saved">What <see cref="Save"/> gave.</param>
    /// <param name="position">How many bytes are in it: the next one is to be appended. 0 where nothing was saved, or it cannot be used.</param>
    public static ContentDigest Restore(HashAlgorithm algorithm, Opaque saved, out long position)
    {
        position = 0;
        if (algorithm != HashAlgorithm.Xxh128 || Xxh128Checkpoint.Decode(saved.Span).Case is not Xxh128Checkpoint checkpoint)
            return new(algorithm);
        position = checkpoint.Position;
        return new(checkpoint);
    }

    /// <summary>
    /// What another process needs to go on, without the last bytes (at most 1087); empty for algorithms whose state cannot be had, and at the beginning.
    /// </summary>
    public Opaque Save()
    {
        if (_xxh128?.Checkpoint is not { Position: > 0 } checkpoint)
            return default;
        Span<byte> bytes = stackalloc byte[Xxh128Checkpoint.Length];
        checkpoint.Encode(bytes);
        return new(bytes);
    }

    /// <summary>The digest of bytes that are all there.</summary>
    public static Opaque Of(HashAlgorithm algorithm, ReadOnlySpan<byte> bytes)
    {
        if (algorithm == HashAlgorithm.Xxh128)
        {
            Span<byte> digest = stackalloc byte[ResumableXxh128.DigestLength];
            XxHash128.Hash(bytes, digest);
            return new(digest);
        }
        using var other = new ContentDigest(algorithm);
        other.Append(bytes);
        return other.Finish();
    }

    /// <summary>The next bytes.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        _cryptographic?.AppendData(bytes);
        _xxh128?.Append(bytes);
    }

    /// <summary>The digest of all bytes since the last <see cref="Finish"/>; more may follow.</summary>
    public Opaque Current()
    {
        Span<byte> digest = stackalloc byte[HashAlgorithms.LongestDigest];
        if (_cryptographic is not null)
            return new(digest[.._cryptographic.GetCurrentHash(digest)]);
        _xxh128!.Finish(digest);
        return new(digest[..ResumableXxh128.DigestLength]);
    }

    /// <summary>The digest of all bytes since the last call, and a new beginning.</summary>
    public Opaque Finish()
    {
        if (_cryptographic is not null)
        {
            Span<byte> digest = stackalloc byte[HashAlgorithms.LongestDigest];
            return new(digest[.._cryptographic.GetHashAndReset(digest)]);
        }
        var xxh128 = Current();
        _xxh128!.Restart();
        return xxh128;
    }

    /// <inheritdoc/>
    public void Dispose() => _cryptographic?.Dispose();
}
