using Trainyard.Core.Custody;
using Trainyard.Core.Protocol;

namespace Trainyard.Shell.Storage;

/// <summary>The answer to a GET of a whole file, but for its bytes.</summary>
/// <param name="Layout">What lies where.</param>
/// <param name="Record">What the journal says of it.</param>
internal sealed record WholeFile(ResponseLayout Layout, JournalAnswer.File Record)
{
    /// <summary>The same as the slot has it.</summary>
    public JournalPart Part { get; } = JournalPart.Of(Record);
}
