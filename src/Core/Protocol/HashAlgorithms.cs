using LanguageExt;

namespace Trainyard.Core.Protocol;

/// <summary>Facts about hash algorithms, and which of them a session uses.</summary>
public static class HashAlgorithms
{
    /// <summary>The longest digest there is, in bytes.</summary>
    public const int LongestDigest = 32;

    /// <summary>Bytes of a digest; 0 for a number that is no algorithm.</summary>
    public static int DigestLength(HashAlgorithm algorithm) =>
        algorithm switch
        {
            HashAlgorithm.Xxh128 or HashAlgorithm.Md5 => 16,
            HashAlgorithm.Sha256 => 32,
            _ => 0,
        };

    /// <summary>The first of the client's algorithms that the server has: the client knows what it wants to compare with.</summary>
    /// <returns>The algorithm, or none where there is no common one.</returns>
    public static Option<HashAlgorithm> Common(Arr<HashAlgorithm> client, Arr<HashAlgorithm> server)
    {
        foreach (var wanted in client)
            foreach (var offered in server)
                if (wanted == offered)
                    return wanted;
        return default;
    }
}
