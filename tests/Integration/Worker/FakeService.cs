using Trainyard.Core.Lane;
using Trainyard.Shell;
using Trainyard.Shell.Linux;

namespace Trainyard.Integration.Worker;

/// <summary>A service whose connections do what a test says at each turn.</summary>
internal sealed class FakeService(Func<DriverTurn> turn) : IConnectionService
{
    private int _advances;

    private Func<DriverTurn> Turn { get; } = turn;

    /// <summary>How many turns all connections have had.</summary>
    public int Advances => Volatile.Read(ref _advances);

    public IConnectionDriver Open(Descriptor socket, DateTimeOffset now) => new Driver(this);

    private sealed class Driver(FakeService service) : IConnectionDriver
    {
        public PollEvents Interest => PollEvents.Readable;

        public DateTimeOffset? Deadline { get; } = DateTimeOffset.UtcNow.AddHours(1);

        public ConnectionReport Report => new(ConnectionEnd.Completed, 0, 1, 1, TimeSpan.Zero);

        public ulong TakeProgress() => 1;

        public DriverTurn Advance(DateTimeOffset now)
        {
            Interlocked.Increment(ref service._advances);
            return service.Turn();
        }

        public void Dispose()
        {
        }
    }
}
