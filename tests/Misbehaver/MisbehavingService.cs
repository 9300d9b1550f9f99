using Trainyard.Shell;
using Trainyard.Shell.Lanes;
using Trainyard.Shell.Linux;
using Trainyard.Shell.Worker;

namespace Trainyard.Misbehaver;

/// <summary>Answers each byte: with its pid for p, or by the misbehaviour that the byte names.</summary>
internal sealed class MisbehavingService : IJournalledService
{
    public IConnectionDriver Open(Descriptor socket, SlotJournal? journal, Action wake, DateTimeOffset now) => new MisbehavingDriver(socket, journal, now);
}
