using FsCheck;
using FsCheck.Fluent;
using Trainyard.Core.Lane;
using Trainyard.Core.Pool;

namespace Trainyard.Properties.Arbitraries;

/// <summary>Lane messages of every case, with the borders of each field.</summary>
public static class LaneMessages
{
    private static readonly Gen<long> Longs = Gen.OneOf(
        Gen.Elements(0L, 1L, -1L, long.MaxValue, long.MinValue), ArbMap.Default.GeneratorFor<long>());

    private static readonly Gen<int> Ints = Gen.OneOf(Gen.Elements(0, 1, int.MaxValue), Gen.Choose(0, 100_000));

    private static readonly Gen<ConnectionId> Connections = Longs.Select(value => new ConnectionId(value));

    public static Arbitrary<LaneMessage> Messages() =>
        Arb.From(Gen.OneOf<LaneMessage>(
            from cell in Ints
            from threads in Ints
            from slots in Ints
            from settings in Gen.OneOf(
                ArbMap.Default.GeneratorFor<byte[]>(), Gen.Constant(new byte[LaneCodec.MaximumSettingsBytes]))
            select (LaneMessage)new LaneMessage.Configure(cell, Math.Max(1, threads), Math.Max(1, slots), new Settings(settings)),
            from c in Connections
            from slot in Gen.OneOf(Gen.Constant(-1), Ints)
            select (LaneMessage)new LaneMessage.Assign(c, slot),
            Gen.Elements(true, false).Select(handOver => (LaneMessage)new LaneMessage.Exit(handOver)),
            Connections.Select(c => (LaneMessage)new LaneMessage.Return(c)),
            from c in Connections
            from ticks in Gen.OneOf(Gen.Constant((long?)null), Longs.Select(value => (long?)(value & long.MaxValue)))
            select (LaneMessage)new LaneMessage.Park(c, ticks is { } t ? TimeSpan.FromTicks(t) : null),
            Gen.Constant((LaneMessage)new LaneMessage.Drain()),
            Gen.Constant((LaneMessage)new LaneMessage.GiveBack()),
            Ints.Select(slots => (LaneMessage)new LaneMessage.Ready(Math.Max(1, slots))),
            Connections.Select(c => (LaneMessage)new LaneMessage.Acknowledge(c)),
            from c in Connections
            from reason in Gen.Elements(Enum.GetValues<RefuseReason>())
            select (LaneMessage)new LaneMessage.Refuse(c, reason),
            from c in Connections
            from end in Gen.Elements(Enum.GetValues<ConnectionEnd>())
            from errno in Ints
            from file in Longs
            from wire in Longs
            from ticks in Longs
            select (LaneMessage)new LaneMessage.Done(c, new ConnectionReport(end, errno, file, wire, TimeSpan.FromTicks(ticks)))));
}
