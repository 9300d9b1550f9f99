using FsCheck;
using FsCheck.Xunit;
using Trainyard.Core.Protocol;
using Trainyard.Properties.Arbitraries;
using Xunit;

namespace Trainyard.Properties.Protocol.Sessions;

/// <summary>What neither a cut nor changed bits may bring about: a wrong file, name or attribute taken for the right one, or a session without an end.</summary>
[Properties(Arbitrary = [typeof(SessionScripts)])]
public class SessionFaultProperties
{
    private const int FaultsEach = 5;

    [Property(MaxTest = 40)]
    public void Cut_anywhere_it_ends_and_gives_nothing_wrong(SessionScript script, NonNegativeInt seed)
    {
        var whole = SessionPair.Run(script);
        for (var i = 0; i < FaultsEach; i++)
        {
            Check(script, SessionPair.Run(script, toServer: new(At(whole.ToServer, seed.Get, i))));
            Check(script, SessionPair.Run(script, toClient: new(At(whole.ToClient, seed.Get, i))));
        }
    }

    [Property(MaxTest = 40)]
    public void With_bits_flipped_it_ends_and_gives_nothing_wrong(SessionScript script, NonNegativeInt seed)
    {
        var whole = SessionPair.Run(script);
        for (var i = 0; i < FaultsEach; i++)
        {
            Check(script, SessionPair.Run(script, toServer: Flips(whole.ToServer, seed.Get, i)));
            Check(script, SessionPair.Run(script, toClient: Flips(whole.ToClient, seed.Get, i)));
            Check(script, SessionPair.Run(script, Flips(whole.ToServer, seed.Get, i + 3), Flips(whole.ToClient, seed.Get, i + 5)));
        }
    }

    private static long At(Pipe pipe, int seed, int number) => (seed * 31L + number * 7919L) % Math.Max(1, pipe.Sent);

    /// <summary>One to three flipped bits.</summary>
    private static Faults Flips(Pipe pipe, int seed, int number) =>
        new(null, [.. Enumerable.Range(0, 1 + number % 3).Select(n => (At(pipe, seed, number + 11 * n), (byte)(1 << (seed + number + n) % 8)))]);

    private static void Check(SessionScript script, SessionPair pair)
    {
        Assert.True(pair.Client.State.IsEnded);
        Assert.True(pair.Server.State.IsEnded);
        Assert.Equal(script.Tasks.Take(pair.Server.Requests.Count).Select(static task => Wire.Text(task.Request)), pair.Server.Requests.Select(Wire.Text));
        foreach (var (number, content) in pair.Server.Stored)
            Assert.Equal(script.Tasks[number].Content, content);
        var last = pair.Server.State.Error?.ToFailure() is { } failure ? Wire.Text(new Message.Error(failure)) : null;
        for (var i = 0; i < pair.Client.Outcomes.Count; i++)
            Assert.Contains(pair.Client.Outcomes[i], new[] { pair.Server.Outcomes.ElementAtOrDefault(i), ModelClient.Damaged, last });
        if (pair.Client.State.Error is null)
            Assert.Equal(pair.Client.Asked, pair.Client.Outcomes.Count);
    }
}
