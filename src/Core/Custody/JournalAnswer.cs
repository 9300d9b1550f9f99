using Trainyard.Core.Protocol;
using Trainyard.Core.Textbook;

namespace Trainyard.Core.Custody;

/// <summary>One answer on its way, or what has to be known to say the same bytes again from any position on. <see cref="Recovery"/> has the rules.</summary>
public abstract record JournalAnswer
{
    /// <summary>The longest saved state of a digest, in bytes.</summary>
    public const int MaximumDigest = 128;

    private JournalAnswer() { }

    /// <summary>The answer to a GET, laid out by <see cref="ResponseLayout"/>.</summary>
    /// <param name="Path">Which file.</param>
    /// <param name="Range">Which bytes of it.</param>
    /// <param name="Meta">The file as it was when the answer began: identity, train size and algorithm included.</param>
    /// <param name="Digest">
    /// What the digest of the bytes sent has come to, at most <see cref="MaximumDigest"/> bytes; empty where it begins with the first or cannot be saved.
    /// A hint: without it those bytes are read once more.
    /// </param>
    public sealed record File(RemotePath Path, FileRange Range, Message.Meta Meta, Opaque Digest = default) : JournalAnswer;

    /// <summary>A file in a textbook dialect, laid out by <see cref="TextbookLayout"/>.</summary>
    /// <param name="Dialect">The dialect spoken.</param>
    /// <param name="Name">The name announced.</param>
    /// <param name="Size">The file's size in bytes.</param>
    /// <param name="Identity">The file's identity when the answer began, at most <see cref="Message.MaximumIdentity"/> bytes.</param>
    public sealed record Textbook(Dialect Dialect, FileName Name, long Size, Opaque Identity) : JournalAnswer;

    /// <summary>Whole trains, such as the server's hello, GO, ANSWER or ERROR.</summary>
    /// <param name="Bytes">The bytes themselves.</param>
    public sealed record Literal(Opaque Bytes) : JournalAnswer;

    /// <summary>
    /// The answer to an eager upload whose bytes have all come: its file has no name yet and gets one any moment. Others may be under way behind it. A
    /// <see cref="Literal"/> takes its place before its first byte leaves.
    /// </summary>
    /// <param name="Path">The name.</param>
    /// <param name="Stored">By which the store knows the file, at most <see cref="Message.MaximumIdentity"/> bytes.</param>
    /// <param name="Size">Its bytes.</param>
    /// <param name="Algorithm">How the digest was computed.</param>
    /// <param name="Digest">Their digest.</param>
    /// <param name="OwesGo">Whether GO is a part of it; else that was said before.</param>
    public sealed record Commit(RemotePath Path, Opaque Stored, long Size, HashAlgorithm Algorithm, Opaque Digest, bool OwesGo) : JournalAnswer;

    /// <summary>Something that only its own worker can say.</summary>
    /// <param name="Why">Why that is so.</param>
    public sealed record Unrepeatable(JournalObstacle Why) : JournalAnswer;
}
