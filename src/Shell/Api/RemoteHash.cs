namespace Trainyard.Shell;

/// <summary>A file's digest, as its server computed it.</summary>
/// <param name="Size">The file's size, in bytes.</param>
/// <param name="Identity">The identity of the content that was hashed.</param>
/// <param name="Algorithm">How.</param>
/// <param name="Digest">The digest in lower-case hexadecimal.</param>
public sealed record RemoteHash(long Size, FileIdentity Identity, DigestAlgorithm Algorithm, string Digest);
