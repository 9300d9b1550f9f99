using Xunit;

namespace Trainyard.Properties.Protocol.Sessions;

/// <summary>A client and a server joined by two pipes in virtual time.</summary>
internal sealed class SessionPair
{
    private const int MostRounds = 2_000_000;

    private SessionPair(SessionScript script, Faults toServer, Faults toClient)
    {
        ToServer = new(script.Capacities.ToServer, toServer);
        ToClient = new(script.Capacities.ToClient, toClient);
        Client = new(script, ToClient, ToServer);
        Server = new(script, ToServer, ToClient, DateTimeOffset.UnixEpoch);
    }

    internal Pipe ToServer { get; }

    internal Pipe ToClient { get; }

    internal ModelClient Client { get; }

    internal ModelServer Server { get; }

    /// <summary>How often nothing moved any more, so that only the server's patience could end it.</summary>
    internal int Stalls { get; private set; }

    /// <summary>Runs until both have ended, and shows the pair after each round.</summary>
    internal static SessionPair Run(SessionScript script, Faults? toServer = null, Faults? toClient = null, Action<SessionPair>? each = null)
    {
        var pair = new SessionPair(script, toServer ?? Faults.None, toClient ?? Faults.None);
        var now = DateTimeOffset.UnixEpoch;
        for (var round = 0; pair.Round(script.Turns, now) || pair.Wait(ref now); round++)
        {
            Assert.True(round < MostRounds, "no end");
            each?.Invoke(pair);
        }
        return pair;
    }

    private bool Round(int[] turns, DateTimeOffset now)
    {
        var moved = false;
        foreach (var turn in turns)
            moved |= turn > 0 ? Client.Turn(turn) : Server.Turn(-turn, now);
        moved |= Client.Turn(5);
        moved |= Server.Turn(5, now);
        return moved;
    }

    /// <summary>Lets the time go to where the server waits no longer.</summary>
    private bool Wait(ref DateTimeOffset now)
    {
        if (Server.State.Deadline is not { } deadline)
            return false;
        Stalls++;
        now = deadline;
        Server.Tick(now);
        return true;
    }
}
