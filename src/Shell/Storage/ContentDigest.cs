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

    /// <summary>A digest of everything before a checkpoint, which is of XXH128.</summary>
    /// <param name="from">What <see cref="Checkpoint"/> was; the bytes behind its position are appended again.</param>
    public ContentDigest(Xxh128Checkpoint from) => _xxh128 = new ResumableXxh128(from);

    /// <summary>From where another digest can go on, at most 1087 bytes back; <c>null</c> for algorithms whose state cannot be had.</summary>
    public Xxh128Checkpoint? Checkpoint => _xxh128?.Checkpoint;

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
