using Trainyard.Shell;
using Trainyard.Shell.Linux;

namespace Trainyard.Misbehaver;

/// <summary>Answers each byte: with its pid for p, or by the misbehaviour that the byte names.</summary>
internal sealed class MisbehavingService : IConnectionService
{
    public IConnectionDriver Open(Descriptor socket, DateTimeOffset now) => new MisbehavingDriver(socket, now);
}
