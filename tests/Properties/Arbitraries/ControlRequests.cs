using FsCheck;
using FsCheck.Fluent;
using Trainyard.Core.Control;
using Trainyard.Core.Pool;

namespace Trainyard.Properties.Arbitraries;

/// <summary>Requests of every case that can be written down, and fields that may mean anything.</summary>
public static class ControlRequests
{
    private static readonly Gen<ControlPatience> Patiences = Gen.OneOf(
        Gen.Constant((ControlPatience)new ControlPatience.Configured()),
        Gen.Constant((ControlPatience)new ControlPatience.Endless()),
        Gen.Choose(1, int.MaxValue).Select(ms => (ControlPatience)new ControlPatience.Limit(TimeSpan.FromMilliseconds(ms))));

    public static Arbitrary<ControlRequest> Requests() =>
        Arb.From(Gen.OneOf(
            Gen.Constant((ControlRequest)new ControlRequest.Status()),
            Gen.Constant((ControlRequest)new ControlRequest.StopNow()),
            Gen.Constant((ControlRequest)new ControlRequest.Reload()),
            Patiences.Select(patience => (ControlRequest)new ControlRequest.Drain(patience)),
            Patiences.Select(patience => (ControlRequest)new ControlRequest.Upgrade(patience)),
            Gen.Choose(-PoolPolicy.MostWorkers, PoolPolicy.MostWorkers).Where(delta => delta != 0)
                .Select(delta => (ControlRequest)new ControlRequest.ResizeBy(delta)),
            Gen.Choose(1, PoolPolicy.MostWorkers).Select(target => (ControlRequest)new ControlRequest.ResizeTo(target))));

    public static Arbitrary<ControlFields> Fields() =>
        Arb.From(
            from version in Gen.Frequency((9, Gen.Constant(ControlProtocol.Version)), (1, ArbMap.Default.GeneratorFor<int>()))
            from command in Gen.Elements((string[])[.. ControlProtocol.Commands, "", "Status", "resize "])
            from wait in ArbMap.Default.GeneratorFor<bool?>()
            from delta in Optional(Gen.Elements(0, 1, -1, PoolPolicy.MostWorkers, PoolPolicy.MostWorkers + 1, int.MinValue, int.MaxValue))
            from workers in Optional(Gen.Elements(0, 1, -1, PoolPolicy.MostWorkers, PoolPolicy.MostWorkers + 1, int.MinValue, int.MaxValue))
            from patience in Optional(Gen.Elements(0L, 1L, -1L, ControlProtocol.MaximumPatienceMs, ControlProtocol.MaximumPatienceMs + 1, long.MinValue))
            select new ControlFields(version, command, wait, delta, workers, patience));

    private static Gen<T?> Optional<T>(Gen<T> some) where T : struct =>
        Gen.Frequency((2, Gen.Constant((T?)null)), (1, some.Select(value => (T?)value)));
}
