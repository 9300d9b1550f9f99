using System.IO.Hashing;
using System.Security.Cryptography;
using Trainyard.Core.Protocol;
using HashAlgorithm = Trainyard.Core.Protocol.HashAlgorithm;

namespace Trainyard.Shell.Storage;

/// <summary>Computes a digest of file bytes as they pass.</summary>
internal sealed class ContentDigest : IDisposable
{
    private readonly IncrementalHash? _cryptographic;
    private readonly XxHash128? _xxh128;

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
                _xxh128 = new XxHash128();
                break;
        }
    }

    /// <summary>The next bytes.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        _cryptographic?.AppendData(bytes);
        _xxh128?.Append(bytes);
    }

    /// <summary>The digest of all bytes since the last call, and a new beginning.</summary>
    public Opaque Finish()
    {
        Span<byte> digest = stackalloc byte[HashAlgorithms.LongestDigest];
        var length = _cryptographic?.GetHashAndReset(digest) ?? _xxh128!.GetHashAndReset(digest);
        return new(digest[..length]);
    }

    /// <inheritdoc/>
    public void Dispose() => _cryptographic?.Dispose();
}
