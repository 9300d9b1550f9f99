using Trainyard.Core.Protocol;

namespace Trainyard.Shell.Storage;

/// <content>Digests at rest.</content>
internal sealed partial class StoredFile
{
    /// <summary>The whole file's digest, if it was computed before and the file is still what it was then.</summary>
    /// <param name="algorithm">How.</param>
    public Opaque? StoredDigest(HashAlgorithm algorithm) => _digests.Find(Descriptor, _opened, algorithm);

    /// <summary>Keeps the whole file's digest for later; a hint that may be lost.</summary>
    /// <param name="algorithm">How it was computed.</param>
    /// <param name="digest">The digest of the file as it was opened: <see cref="IsUnchanged"/> was asked after the last byte was read.</param>
    public void StoreDigest(HashAlgorithm algorithm, Opaque digest) => _digests.StoreBeside(_opened, algorithm, digest);
}
