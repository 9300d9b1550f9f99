using System.IO.Hashing;
using System.Security.Cryptography;

namespace Trainyard.Shell.Client;

/// <summary>Computes a digest of bytes as they pass.</summary>
internal sealed class Digester : IDisposable
{
    private readonly IncrementalHash? _cryptographic;
    private readonly XxHash128? _xxh128;

    /// <summary>A digest of nothing yet; none at all for <c>null</c>.</summary>
    public Digester(DigestAlgorithm? algorithm)
    {
        _cryptographic = algorithm switch
        {
            DigestAlgorithm.Md5 => IncrementalHash.CreateHash(HashAlgorithmName.MD5),
            DigestAlgorithm.Sha256 => IncrementalHash.CreateHash(HashAlgorithmName.SHA256),
            _ => null,
        };
        _xxh128 = algorithm == DigestAlgorithm.Xxh128 ? new XxHash128() : null;
    }

    /// <summary>Whether there is a digest to compute.</summary>
    public bool IsActive => _cryptographic is not null || _xxh128 is not null;

    /// <summary>The next bytes.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        _cryptographic?.AppendData(bytes);
        _xxh128?.Append(bytes);
    }

    /// <summary>The digest of all bytes up to now, in lower-case hexadecimal; <c>null</c> without an algorithm.</summary>
    public string? Finish() =>
        _cryptographic is not null ? Convert.ToHexStringLower(_cryptographic.GetHashAndReset())
        : _xxh128 is not null ? Convert.ToHexStringLower(_xxh128.GetHashAndReset())
        : null;

    /// <summary>The digest of all bytes up to now, and begins a new one.</summary>
    /// <returns>The digest; empty without an algorithm.</returns>
    public byte[] FinishBytes() => _cryptographic?.GetHashAndReset() ?? _xxh128?.GetHashAndReset() ?? [];

    /// <inheritdoc/>
    public void Dispose() => _cryptographic?.Dispose();
}
