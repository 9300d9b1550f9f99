namespace Trainyard.Shell;

/// <summary>A digest that a client computes while it receives.</summary>
public enum DigestAlgorithm
{
    /// <summary>MD5 (RFC 1321), to compare with what <c>md5sum</c> prints. Not safe against forgery.</summary>
    Md5,

    /// <summary>SHA-256 (FIPS 180-4), where forgery matters.</summary>
    Sha256,

    /// <summary>XXH3 of 128 bits, as <c>xxh128sum</c> prints it: the fastest; finds damage, not forgery.</summary>
    Xxh128,
}
