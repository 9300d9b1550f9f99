using FsCheck;
using FsCheck.Fluent;
using Trainyard.Core.Lane;
using Trainyard.Core.Pool;
using Trainyard.Core.Worker;

namespace Trainyard.Properties.Arbitraries;

/// <summary>What may happen to a worker, with few names so that they meet. Lists of these shrink to the events that matter.</summary>
public static class WorkerEvents
{
    public static Arbitrary<WorkerEvent> Events()
    {
        var names = Gen.Choose(1, 6).Select(value => new ConnectionId(value));
        return Arb.From(Gen.Frequency<WorkerEvent>(
            (2, Gen.Choose(-1, 4).Select(slots => (WorkerEvent)new WorkerEvent.Configured(slots))),
            (1, Gen.Constant((WorkerEvent)new WorkerEvent.NotConfigured())),
            (8, names.SelectMany(name => Gen.Frequency((9, Gen.Constant(true)), (1, Gen.Constant(false)))
                .Select(has => (WorkerEvent)new WorkerEvent.Assigned(name, has)))),
            (6, names.Select(name => (WorkerEvent)new WorkerEvent.Ended(name, default(ConnectionReport)))),
            (1, Gen.Constant((WorkerEvent)new WorkerEvent.ThreadFailed())),
            (1, Gen.Constant((WorkerEvent)new WorkerEvent.DrainAsked())),
            (1, Gen.Constant((WorkerEvent)new WorkerEvent.HandOverAsked())),
            (2, names.Select(name => (WorkerEvent)new WorkerEvent.Returned(name))),
            (2, names.Select(name => (WorkerEvent)new WorkerEvent.Parked(name, TimeSpan.FromSeconds(name.Value)))),
            (1, Gen.Elements(true, false).Select(handOver => (WorkerEvent)new WorkerEvent.ExitAsked(handOver))),
            (1, Gen.Constant((WorkerEvent)new WorkerEvent.MasterGone()))));
    }
}
