namespace Trainyard.Core.Protocol;

/// <summary>What the two sides say to each other in control trains. <see cref="MessageCodec"/> encodes it.</summary>
/// <remarks>
/// Values are bounded (docs/protocol.md); what <see cref="MessageCodec.Decode"/> returns keeps to the bounds, and
/// <see cref="MessageCodec.Encode"/> refuses what does not. Requests are answered in the order in which they were made.
/// </remarks>
public abstract partial record Message
{
    /// <summary>The longest identity, in bytes.</summary>
    public const int MaximumIdentity = 64;

    /// <summary>The longest token of a session or upload, and the longest payload of a ping, in bytes.</summary>
    public const int MaximumToken = 64;

    /// <summary>The longest credential, in bytes.</summary>
    public const int MaximumAuth = 4096;

    /// <summary>The longest text of an error, in bytes of UTF-8.</summary>
    public const int MaximumText = 1024;

    private Message() { }

    /// <summary>Either side: a stream is complete.</summary>
    /// <param name="Total">File bytes (GET, PUT) or entries (LIST) that the stream carried.</param>
    /// <param name="Digest">The digest of those file bytes; empty after LIST.</param>
    public sealed record Fin(long Total, Opaque Digest) : Message;

    /// <summary>Server: the request failed. Client: the upload it was sending is given up.</summary>
    public sealed record Error(Failure Failure) : Message;
}
