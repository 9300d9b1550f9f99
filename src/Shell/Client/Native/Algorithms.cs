using Trainyard.Core.Protocol;

namespace Trainyard.Shell.Client.Native;

/// <summary>The public names of hash algorithms and the protocol's.</summary>
internal static class Algorithms
{
    /// <summary>As the protocol calls it.</summary>
    public static HashAlgorithm OnTheWire(this DigestAlgorithm algorithm) =>
        algorithm switch
        {
            DigestAlgorithm.Md5 => HashAlgorithm.Md5,
            DigestAlgorithm.Sha256 => HashAlgorithm.Sha256,
            _ => HashAlgorithm.Xxh128,
        };

    /// <summary>As callers call it.</summary>
    public static DigestAlgorithm ForCallers(this HashAlgorithm algorithm) =>
        algorithm switch
        {
            HashAlgorithm.Md5 => DigestAlgorithm.Md5,
            HashAlgorithm.Sha256 => DigestAlgorithm.Sha256,
            _ => DigestAlgorithm.Xxh128,
        };
}
