using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Trainyard.Core.Receiving;
using Trainyard.Properties.Arbitraries;
using Xunit;

namespace Trainyard.Properties.Receiving;

[Properties(Arbitrary = [typeof(StreamCutsArbitrary), typeof(ReceiveResults)], MaxTest = 500)]
public class ExactReceiveProperties
{
    [Property]
    public void Any_slicing_and_any_interruptions_give_the_same_bytes(byte[] stream, NonNegativeInt beyond, StreamCuts cuts, ReceiveResult[] noise)
    {
        var harmless = noise.Where(static r => r.Kind is ReceiveResultKind.Interrupted or ReceiveResultKind.WouldBlock).ToArray();
        var wanted = Math.Max(stream.Length - beyond.Get % 3, 0);
        var receive = ExactReceive.Start(wanted);
        List<byte> got = [];
        for (var call = 0; !receive.Verdict.IsEnd; call++)
        {
            if (harmless.Length > 0)
            {
                var disturbed = receive.After(harmless[call % harmless.Length]);
                Assert.Equal(receive, disturbed.State);
                Assert.False(disturbed.Verdict.IsEnd);
            }
            var count = cuts.Next(call, receive.Missing);
            got.AddRange(stream.AsSpan((int)receive.Received, count));
            receive = receive.After(ReceiveResult.Bytes(count)).State;
        }
        Assert.IsType<ReceiveVerdict.Complete>(receive.Verdict);
        Assert.Equal(stream[..wanted], got);
    }

    [Property]
    public void A_stream_that_ends_early_is_truncated(PositiveInt wanted, NonNegativeInt length, StreamCuts cuts)
    {
        var arriving = length.Get % wanted.Get;
        var receive = ExactReceive.Start(wanted.Get);
        for (var call = 0; receive.Received < arriving; call++)
            receive = receive.After(ReceiveResult.Bytes(cuts.Next(call, arriving - receive.Received))).State;
        Assert.Equal(new ReceiveVerdict.Truncated(arriving, wanted.Get), receive.After(ReceiveResult.EndOfStream).Verdict);
    }

    [Property]
    public void Whatever_comes_the_count_only_grows_within_what_was_wanted_and_the_end_comes_once(long wanted, ReceiveResult[] results)
    {
        var receive = ExactReceive.Start(wanted);
        foreach (var result in results)
        {
            var step = receive.After(result);
            Assert.InRange(step.State.Received, receive.Received, Math.Max(receive.Wanted, 0));
            if (receive.Verdict.IsEnd)
                Assert.Equal(new(receive, receive.Verdict), step);
            if (step.Verdict.IsEnd)
                Assert.Equal(step.Verdict, step.State.Verdict);
            Assert.Equal(step.State.Received == step.State.Wanted && wanted >= 0, step.Verdict is ReceiveVerdict.Complete);
            receive = step.State;
        }
    }

    [Fact]
    public void The_chapter_spins_at_the_end_of_the_stream_this_ends()
    {
        var step = ExactReceive.Start(10).After(ReceiveResult.Bytes(4)).State.After(ReceiveResult.Bytes(0));
        Assert.Equal(new ReceiveVerdict.Truncated(4, 10), step.Verdict);
    }

    [Fact]
    public void The_chapter_counts_backwards_on_a_failed_call_this_does_not()
    {
        var step = ExactReceive.Start(10).After(ReceiveResult.Bytes(4)).State.After(ReceiveResult.Failed(errno: 104));
        Assert.Equal((4L, new ReceiveVerdict.Failed(104)), (step.State.Received, step.Verdict));
        Assert.Equal(new ReceiveVerdict.Miscounted(-1, 10), ExactReceive.Start(10).After(ReceiveResult.Bytes(-1)).Verdict);
    }

    [Theory]
    [InlineData(11)]
    [InlineData(long.MaxValue)]
    public void More_than_was_asked_for_is_a_failure(long count) =>
        Assert.Equal(new ReceiveVerdict.Miscounted(count, 10), ExactReceive.Start(10).After(ReceiveResult.Bytes(count)).Verdict);

    [Fact]
    public void Nothing_wanted_is_complete_at_once()
    {
        Assert.IsType<ReceiveVerdict.Complete>(ExactReceive.Start(0).Verdict);
        Assert.IsType<ReceiveVerdict.Complete>(default(ExactReceive).Verdict);
        Assert.IsType<ReceiveVerdict.Complete>(ExactReceive.Start(0).After(ReceiveResult.EndOfStream).Verdict);
    }

    [Fact]
    public void A_negative_wish_is_a_failure() =>
        Assert.Equal(new ReceiveVerdict.Miscounted(-1, 0), ExactReceive.Start(-1).Verdict);

    [Fact]
    public void Each_result_has_its_verdict()
    {
        var receive = ExactReceive.Start(10);
        Assert.IsType<ReceiveVerdict.ReadMore>(receive.Verdict);
        Assert.IsType<ReceiveVerdict.ReadMore>(receive.After(ReceiveResult.Bytes(9)).Verdict);
        Assert.IsType<ReceiveVerdict.RetryNow>(receive.After(ReceiveResult.Interrupted).Verdict);
        Assert.IsType<ReceiveVerdict.WaitReadable>(receive.After(ReceiveResult.WouldBlock).Verdict);
        Assert.IsType<ReceiveVerdict.WaitReadable>(receive.After(default).Verdict);
    }

    [Fact]
    public void Lengths_beyond_32_bits_are_exact()
    {
        const long Wanted = 5L << 32;
        var receive = ExactReceive.Start(Wanted).After(ReceiveResult.Bytes(Wanted - 1)).State;
        Assert.Equal(1, receive.Missing);
        Assert.IsType<ReceiveVerdict.Complete>(receive.After(ReceiveResult.Bytes(1)).Verdict);
    }
}

/// <summary>Results of receive calls, possible and impossible.</summary>
public static class ReceiveResults
{
    public static Arbitrary<long> Counts() => Boundaries.Long.ToArbitrary();

    public static Arbitrary<ReceiveResult> ReceiveResult() =>
        Gen.Frequency(
            (4, Boundaries.Long.Select(Core.Receiving.ReceiveResult.Bytes)),
            (4, Gen.Choose(1, 40).Select(static n => Core.Receiving.ReceiveResult.Bytes(n))),
            (2, Gen.Elements(Core.Receiving.ReceiveResult.Interrupted, Core.Receiving.ReceiveResult.WouldBlock)),
            (1, Gen.Constant(Core.Receiving.ReceiveResult.EndOfStream)),
            (1, Gen.Choose(1, 133).Select(Core.Receiving.ReceiveResult.Failed))).ToArbitrary();
}
