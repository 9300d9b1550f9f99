using LanguageExt;
using Trainyard.Core.Protocol;

namespace Trainyard.Core.Custody;

/// <summary>All that another worker needs to go on with a connection whose worker is gone. Its rules stand on <see cref="Recovery"/>.</summary>
/// <param name="Written">Where in the outgoing stream the first of <paramref name="Answers"/> begins: bytes from the connection's beginning.</param>
/// <param name="Taken">How many bytes of the incoming stream are accounted for: what they caused is in this entry, or they are in <paramref name="Ahead"/>.</param>
/// <param name="Session">The native session; <c>null</c> before its hello, and in the textbook dialects, which have none.</param>
/// <param name="Answers">What is said from <paramref name="Written"/> on, one after the other; none on a connection with nothing to say.</param>
/// <param name="Ahead">The last bytes before <paramref name="Taken"/>, which are not used yet: requests that wait for their turn, or a part of one.</param>
/// <param name="Landing">
/// Which byte of the incoming stream the slot's landing place begins with (<see cref="JournalSlot.LandingLength"/>), at most <paramref name="Taken"/>: whatever was
/// taken behind <paramref name="Taken"/> lies there. <c>null</c> where bytes are looked at before they are taken.
/// </param>
public sealed record JournalEntry(long Written, long Taken, JournalSession? Session, Arr<JournalAnswer> Answers, Opaque Ahead, long? Landing = null)
{
    /// <summary>Whether the connection speaks the native protocol, which has a word for why it is ended; the textbook's dialects have neither session nor landing place.</summary>
    public bool IsNative => Session is not null || Landing is not null;

    /// <summary>A connection on which nothing has happened.</summary>
    public static JournalEntry Fresh { get; } = new(0, 0, null, default, default);
}
