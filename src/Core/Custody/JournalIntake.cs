using Trainyard.Core.Protocol;

namespace Trainyard.Core.Custody;

/// <summary>What the next byte that comes from the client belongs to.</summary>
public abstract record JournalIntake
{
    private JournalIntake() { }

    /// <summary>A request.</summary>
    public sealed record Requests : JournalIntake;

    /// <summary>An upload that was accepted.</summary>
    /// <param name="Request">What was asked.</param>
    /// <param name="Token">Finds what is stored; at most <see cref="Message.MaximumToken"/> bytes.</param>
    /// <param name="Stored">By which the store knows the temporary file, so that it can tell whether it has been given its name; at most 64 bytes.</param>
    /// <param name="Offset">The offset in GO: the file's bytes before it came in another session.</param>
    /// <param name="Received">File bytes since then that were stored where they outlive the process (page cache or disk).</param>
    /// <param name="Expected">Bytes of the present data train that come next; 0 where a header does.</param>
    /// <param name="Fin">The end of the upload, once it has come: from then on it is being committed.</param>
    /// <param name="Stream">What the digest of the bytes that came in this session has come to, as in <see cref="JournalAnswer.File"/>.</param>
    /// <param name="Whole">The same of the whole file, where an earlier session brought a part of it.</param>
    public sealed record Upload(
        Message.Put Request,
        Opaque Token,
        Opaque Stored,
        long Offset,
        long Received,
        int Expected,
        Message.Fin? Fin,
        Opaque Stream = default,
        Opaque Whole = default) : JournalIntake;

    /// <summary>An upload that was refused while it came: it is stepped over.</summary>
    /// <param name="Expected">Bytes of the present data train that come next; 0 where a header does.</param>
    public sealed record Skipping(int Expected) : JournalIntake;
}
