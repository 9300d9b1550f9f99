using Trainyard.Core.Custody;
using Trainyard.Core.Protocol;

namespace Trainyard.Shell.Storage;

/// <summary>The answer to a GET of a whole file; of a small one that is asked for all the time, with its bytes for a moment.</summary>
/// <param name="Layout">What lies where.</param>
/// <param name="Record">What the journal says of it.</param>
internal sealed record WholeFile(ResponseLayout Layout, JournalAnswer.File Record)
{
    // What is written through a mapping changes no time while its page is dirty already: so much later it is seen.
    private const long LongestMs = 50;

    private byte[] _kept = [];
    private long _keptAtMs;

    /// <summary>The whole answer, to be used only if the file's status is still the same; <c>null</c> where it has to be read.</summary>
    public byte[]? Kept => _kept.Length > 0 && Environment.TickCount64 - _keptAtMs < LongestMs ? _kept : null;

    /// <summary>Keeps what was read of a file whose next change has another time for certain.</summary>
    public void Keep(ReadOnlySpan<byte> answer)
    {
        if (_kept.Length != answer.Length)
            _kept = new byte[answer.Length];
        answer.CopyTo(_kept);
        _keptAtMs = Environment.TickCount64;
    }

    /// <summary>The same as the slot has it.</summary>
    public JournalPart Part { get; } = JournalPart.Of(Record);
}
