using System.Buffers.Binary;
using Trainyard.Core.Custody;
using Trainyard.Core.Framing;

namespace Trainyard.Properties.Custody;

/// <summary>What outlives a worker: the socket with its counts, the journal, the files; and what the client should have received, by a reckoning of its own.</summary>
internal sealed class CrashWorld
{
    private readonly byte[]?[] _promised;
    private readonly int[] _versions;

    internal CrashWorld(CrashScenario scenario)
    {
        Scenario = scenario;
        _promised = new byte[]?[scenario.Requests.Length];
        _versions = new int[scenario.Requests.Length];
        Changes = new int[scenario.Requests.Length];
        Incoming = [.. scenario.Requests.SelectMany(static (request, i) => Enumerable.Repeat((byte)i, request.Bytes))];
    }

    internal CrashScenario Scenario { get; }

    internal JournalMemory Journal { get; } = new();

    /// <summary>All that the client sends.</summary>
    internal byte[] Incoming { get; }

    /// <summary>How much of that was taken out of the socket.</summary>
    internal int Taken { get; set; }

    /// <summary>All that the kernel has accepted.</summary>
    internal List<byte> Wire { get; } = [];

    /// <summary>How often each change was made.</summary>
    internal int[] Changes { get; }

    /// <summary>Why the connection was ended; <c>null</c> while it is not.</summary>
    internal string? Ended { get; set; }

    /// <summary>Whether everything was asked and answered.</summary>
    internal bool IsDone => Taken == Incoming.Length && Array.TrueForAll(_promised, static p => p is not null) && Wire.Count == _promised.Sum(static p => p!.Length);

    /// <summary>Lets workers live and die, then one that lives.</summary>
    internal static CrashWorld Run(CrashScenario scenario)
    {
        var world = new CrashWorld(scenario);
        foreach (var life in scenario.Lives)
        {
            new CrashingWorker(world, new Fuse(life)).Live();
            if (world.Ended is not null)
                return world;
            if (scenario.Touched >= 0)
                world._versions[scenario.Touched]++;
            if (scenario.Moves)
                world.Journal.Import(JournalSlot.Export(world.Journal.Bytes));
        }
        new CrashingWorker(world, Fuse.Endless).Live();
        return world;
    }

    internal int VersionOf(int index) => _versions[index];

    /// <summary>From now on this is the right answer to a request: nothing of it has left.</summary>
    internal void Promise(int index, byte[] answer) => _promised[index] = answer;

    /// <summary>The rest of the answer is an error, which is right only where a train begins.</summary>
    internal void PromiseError(int index, long position, byte[] error)
    {
        if (!Scenario.Requests[index].IsChange && _versions[index] == 0)
            throw new InvalidOperationException($"the file of request {index} has not changed");
        var answer = _promised[index] ?? throw new InvalidOperationException($"request {index} was not answered");
        var train = 0;
        while (train < position)
            train += TrainHeader.FromWord(BinaryPrimitives.ReadUInt32LittleEndian(answer.AsSpan(train))).TotalLength;
        if (train != position || (position > 0 && position == answer.Length))
            throw new InvalidOperationException($"{position} is within a train of request {index}");
        _promised[index] = [.. answer[..train], .. error];
    }

    /// <summary>Whether what left is right as far as it goes.</summary>
    internal bool IsRight => _promised.TakeWhile(static p => p is not null).SelectMany(static p => p!).ToArray().AsSpan().StartsWith(Wire.ToArray());
}
