using FsCheck;
using FsCheck.Fluent;
using Trainyard.Properties.Arbitraries;
using Xunit;

namespace Trainyard.Properties.Custody;

public class CrashProperties
{
    [Fact]
    public void Whatever_kills_the_workers_the_client_receives_the_uninterrupted_stream_or_a_typed_end() =>
        Prop.ForAll(CrashScenarios.CrashScenario(), static scenario => Check(scenario)).Check(LongForm.Of(3000));

    [Fact]
    public void One_death_at_each_step_of_a_life()
    {
        foreach (var scenario in CrashScenarios.CrashScenario().Generator.Sample(4, 3))
            for (var step = 0; step < 3000; step += 1 + (step / 300))
                Check(scenario with { Lives = [step] });
    }

    [Fact]
    public void Whatever_kills_the_workers_an_upload_is_stored_as_it_was_sent() =>
        Prop.ForAll(Uploads, static upload =>
        {
            var model = new CrashingUpload(TrainsArbitrary.Bytes(upload.Size, 5), upload.TrainSize, upload.TakesFirst, upload.Choices);
            foreach (var life in upload.Lives.Append(int.MaxValue))
                model.Live(new Fuse(life));
            Assert.True(model.IsComplete);
            Assert.Equal(TrainsArbitrary.Bytes(upload.Size, 5), model.Stored);
            Assert.True(upload.TakesFirst || model.Rewinds == 0);
        }).Check(LongForm.Of(1000));

    private static Arbitrary<(int Size, int TrainSize, bool TakesFirst, int[] Lives, byte[] Choices)> Uploads =>
        Arb.From(
            from size in Gen.Choose(0, 60)
            from trainSize in Gen.Elements(1, 7, 30, 100)
            from takesFirst in Gen.Elements(true, false)
            from deaths in Gen.Choose(1, 8)
            from lives in Gen.ArrayOf(Gen.Frequency((2, Gen.Choose(0, 100)), (1, Gen.Choose(0, 1500))), deaths)
            from choices in Gen.ArrayOf(Gen.Choose(0, 255).Select(static n => (byte)n), 9)
            select (size, trainSize, takesFirst, lives, choices));

    private static void Check(CrashScenario scenario)
    {
        var world = CrashWorld.Run(scenario);
        Assert.True(world.IsRight, $"other bytes than promised: {Convert.ToHexString([.. world.Wire])}");
        Assert.All(world.Changes, static times => Assert.InRange(times, 0, 1));
        if (world.Ended is null)
            Assert.True(world.IsDone);
        else
            Assert.True(scenario.TakesFirst || scenario.Touched >= 0, world.Ended);
    }
}
