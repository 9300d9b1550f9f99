namespace Trainyard.Core.Protocol;

/// <summary>How a digest is computed. The numbers are the wire's and never change.</summary>
public enum HashAlgorithm
{
    /// <summary>XXH128 with seed 0, big-endian (canonical): finds damage, not malice.</summary>
    Xxh128 = 1,

    /// <summary>SHA-256 (FIPS 180-4).</summary>
    Sha256 = 2,

    /// <summary>MD5 (RFC 1321), only to compare with md5sum.</summary>
    Md5 = 3,
}
