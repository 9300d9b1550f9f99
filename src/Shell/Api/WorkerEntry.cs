using Trainyard.Core.Lane;
using Trainyard.Shell.Lanes;
using Trainyard.Shell.Linux;
using Trainyard.Shell.Serving;
using Trainyard.Shell.Serving.Native;
using Trainyard.Shell.Worker;

namespace Trainyard.Shell;

/// <summary>Where a worker process begins.</summary>
/// <remarks>
/// .NET cannot fork(2), so a worker is the same program started again. A program that runs a pool begins its <c>Main</c> with
/// <c>if (WorkerEntry.RunIfWorker(args, services) is { } status) return status;</c>, before anything slow: every replacement of a worker
/// waits for it.
/// </remarks>
public static class WorkerEntry
{
    internal const string Flag = "--trainyard-worker";
    internal const int LaneNumber = 3;
    internal const int ScoreboardNumber = 4;
    internal const int JournalNumber = 5;

    /// <summary>Runs a worker's whole life if this process was spawned as one.</summary>
    /// <param name="args">The arguments of <c>Main</c>.</param>
    /// <param name="services">The program's own services; Trainyard's need not be named.</param>
    /// <returns>The exit status for <c>Main</c> to return, or <c>null</c> where this process is no worker.</returns>
    public static int? RunIfWorker(string[] args, params IReadOnlyList<WorkerService> services)
    {
        if (args is not [.., Flag])
            return null;
        using var lane = new LaneChannel(new Descriptor(LaneNumber));
        using var scoreboard = Scoreboard.Open(new Descriptor(ScoreboardNumber));
        using var journal = Journal.Open(new Descriptor(JournalNumber));
        // A terminal's Ctrl-C reaches the whole process group: what it means is the master's decision.
        using var signals = new SignalEvents(
            Signal.Terminate, Signal.Interrupt, Signal.Quit, Signal.HangUp, Signal.User1, Signal.User2, Signal.TerminalInput, Signal.TerminalOutput);
        // The master's first message says what kind of worker this is.
        Libc.Poll(lane.Socket, PollEvents.Readable, timeoutMs: -1);
        var first = lane.Receive();
        if (first is LaneReceipt.Message(LaneMessage.Configure configure, null))
            first = new LaneReceipt.Message(configure with { Slots = SlotsWithin(configure) }, null);
        IConnectionService? CreateService(Settings settings) => Create(settings, services);
        return first is LaneReceipt.Message(LaneMessage.Configure { Threads: > 1 }, _)
            ? RunThreads(lane, scoreboard, journal, CreateService, signals, first)
            : RunAlone(lane, scoreboard, journal, CreateService, signals, first);
    }

    // A slot that has no descriptors left would only refuse.
    private static int SlotsWithin(LaneMessage.Configure configure) =>
        Math.Max(1, DescriptorBudget.Connections(configure.Threads * configure.Slots, DescriptorsPerConnection(configure.Settings)) / configure.Threads);

    // The socket, the file that is sent on it, and maybe a pipe in between.
    private static int DescriptorsPerConnection(Settings settings) =>
        ServiceSettings.Decode(settings) is { Service: TextbookService.Name } decoded && TextbookSettings.Decode(decoded.Own) is { Send: SendStrategy.Splice } ? 4 : 2;

    private static int RunAlone(
        LaneChannel lane, Scoreboard scoreboard, Journal journal, Func<Settings, IConnectionService?> create, SignalEvents signals, LaneReceipt first)
    {
        using var loop = new WorkerLoop(lane, scoreboard, create, signals, journal);
        return (int)loop.Run(first);
    }

    private static int RunThreads(
        LaneChannel lane, Scoreboard scoreboard, Journal journal, Func<Settings, IConnectionService?> create, SignalEvents signals, LaneReceipt first)
    {
        using var loop = new ThreadPoolLoop(lane, scoreboard, create, signals, ThreadPoolLoop.PolicyOf, journal);
        var leave = loop.Run(first);
        // What still runs here hangs, or uses what would be released now.
        if (loop.ThreadsLeft > 0)
            Libc.ExitNow((int)leave);
        return (int)leave;
    }

    private static IConnectionService? Create(Settings settings, IReadOnlyList<WorkerService> services)
    {
        if (ServiceSettings.Decode(settings) is not { } decoded)
            return null;
        foreach (var service in services)
            if (service.Name == decoded.Service)
                return service.Create(decoded.Own.Bytes);
        return decoded.Service switch
        {
            TextbookService.Name => TextbookService.Create(decoded.Own),
            NativeService.Name => NativeService.Create(decoded.Own),
            _ => null,
        };
    }
}
