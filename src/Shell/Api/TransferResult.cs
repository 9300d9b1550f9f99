namespace Trainyard.Shell;

/// <summary>A file that was transferred whole and compared by digest.</summary>
/// <param name="Size">The file's size, in bytes.</param>
/// <param name="Moved">Bytes of it that moved in this call, those included that had to move twice.</param>
/// <param name="Resumed">Bytes of it that an earlier call had brought.</param>
/// <param name="Algorithm">How the digest was computed.</param>
/// <param name="Digest">The whole file's digest in lower-case hexadecimal.</param>
/// <param name="Identity">The identity of the file at the server.</param>
/// <param name="Reconnects">How often the connection had to be made anew.</param>
/// <param name="Elapsed">How long it took.</param>
public sealed record TransferResult(
    long Size, long Moved, long Resumed, DigestAlgorithm Algorithm, string Digest, FileIdentity Identity, int Reconnects, TimeSpan Elapsed);
