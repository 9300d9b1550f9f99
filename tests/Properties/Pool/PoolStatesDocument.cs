using System.Text;
using LanguageExt;
using Trainyard.Core.Pool;
using Xunit;

namespace Trainyard.Properties.Pool;

/// <summary>
/// The pool's part of docs/states.md is what the machine does. Set TRAINYARD_WRITE_DOCS=1 to rewrite it after a change that is meant.
/// </summary>
public class PoolStatesDocument
{
    private const string Begin = "<!-- pool: begin, written by PoolStatesDocument -->";
    private const string End = "<!-- pool: end -->";

    private static readonly string[] Stages = ["Starting", "Serving", "Serving, outgoing", "Retiring", "Killed"];

    private static readonly PoolPolicy Policy = new(2) { CrashLoopFailures = 2, MaximumStrikes = 1 };

    [Fact]
    public void The_committed_tables_are_the_machines()
    {
        var path = Path.Combine(Root(), "docs", "states.md");
        var text = File.Exists(path) ? File.ReadAllText(path) : "# States\n";
        var expected = $"{Begin}\n{Render()}{End}";
        var (from, to) = (text.IndexOf(Begin, StringComparison.Ordinal), text.IndexOf(End, StringComparison.Ordinal));
        if (Environment.GetEnvironmentVariable("TRAINYARD_WRITE_DOCS") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, from < 0 ? $"{text}\n{expected}\n" : text[..from] + expected + text[(to + End.Length)..]);
            return;
        }
        Assert.True(from >= 0 && to > from, "docs/states.md has no part for the pool");
        Assert.Equal(expected, text[from..(to + End.Length)]);
    }

    private static string Render()
    {
        var text = new StringBuilder();
        text.Append("## The pool\n\nPhases: where an event leads. Several where it depends on what else is true; empty where it leads nowhere else.\n\n");
        Table(text, PoolSamples.PhaseNames, PhaseTransitions());
        text.Append("\nA worker: where an event leads that is about it or about its pool.\n\n");
        Table(text, Stages, StageTransitions());
        text.Append("\nA connection, while its pool runs (or, in the last column, hands on): where an event leads that is about it, its worker or its pool.\n\n");
        Table(text, PoolPlaces.Names, PlaceTransitions());
        return text.ToString();
    }

    private static IEnumerable<(string Event, string From, string To)> PhaseTransitions() =>
        from state in PoolSamples.Phases(Policy)
        from ev in Events(new(1)).Concat(Events(new(2)))
        select (ev.Name, state.Name, PoolSamples.NameOf(PoolMachine.Step(state.State, ev.Event).State));

    private static IEnumerable<(string Event, string From, string To)> StageTransitions() =>
        from state in PoolSamples.Workers(Policy)
        let subject = new WorkerId(2)
        from ev in Events(subject).Append(("WorkerReady (its replacement)", new PoolEvent.WorkerReady(new(3), 1, 0, PoolWorld.Epoch)))
        select (ev.Name, state.Stage, PoolSamples.StageOf(PoolMachine.Step(state.State, ev.Event).State, subject));

    private static IEnumerable<(string Event, string From, string To)> PlaceTransitions() =>
        from state in PoolPlaces.States(Policy)
        from ev in PoolPlaces.Events()
        select (ev.Name, PoolPlaces.PlaceAfter(new(state, [])), PoolPlaces.PlaceAfter(PoolPlaces.Step(state, ev.Event)));

    private static void Table(StringBuilder text, string[] columns, IEnumerable<(string Event, string From, string To)> transitions)
    {
        text.Append($"| event | {string.Join(" | ", columns)} |\n| --- |{string.Concat(Enumerable.Repeat(" --- |", columns.Length))}\n");
        foreach (var row in transitions.GroupBy(one => one.Event))
        {
            var cells = columns.Select(column => Cell([.. row.Where(one => one.From == column).Select(one => one.To == column ? "" : one.To).Distinct().Order()]));
            text.Append($"| {row.Key} | {string.Join(" | ", cells)} |\n");
        }
    }

    private static string Cell(string[] next) =>
        next is [""] or [] ? "" : string.Join(" or ", next.Select(one => one.Length == 0 ? "stays" : one));

    private static IEnumerable<(string Name, PoolEvent Event)> Events(WorkerId worker)
    {
        var now = PoolWorld.Epoch;
        var connection = new ConnectionId(worker.Value);
        PoolEvent[] events =
        [
            new PoolEvent.Accepted(new(9), PeerKey.None, now),
            new PoolEvent.Adopted(new(8), PeerKey.None, now),
            new PoolEvent.Acknowledged(worker, connection, now),
            new PoolEvent.Refused(worker, connection, now),
            new PoolEvent.LaneFull(worker, connection, now),
            new PoolEvent.Done(worker, connection, now),
            new PoolEvent.Returned(worker, connection, now),
            new PoolEvent.Parked(worker, connection, null, now),
            new PoolEvent.Woken(connection, now),
            new PoolEvent.AcceptExhausted(now),
            new PoolEvent.WorkerReady(worker, 1, 0, now),
            new PoolEvent.Heartbeat(worker, 1, 0, now),
            new PoolEvent.WorkerExited(worker, new WorkerExit.Exited(1), Arr<ConnectionId>.Empty, null, 0, now),
            new PoolEvent.Retire(worker, now),
            new PoolEvent.Reload(now),
            new PoolEvent.Resize(-1, now),
            new PoolEvent.Resize(1, now),
            new PoolEvent.ResizeTo(1, now),
            new PoolEvent.Upgrade(null, now),
            new PoolEvent.SuccessorReady(now),
            new PoolEvent.SuccessorFailed(now),
            new PoolEvent.HandedOn(new(worker.Value + 2), now),
            new PoolEvent.NotHandedOn(new(worker.Value + 2), now),
            new PoolEvent.Drain(null, now),
            new PoolEvent.StopNow(now),
        ];
        foreach (var ev in events)
            yield return (ev switch
            {
                PoolEvent.Resize(var delta, _) => $"Resize({delta:+0;-0})",
                PoolEvent.ResizeTo(var target, _) => $"ResizeTo({target})",
                _ => ev.GetType().Name,
            }, ev);
        yield return ("Tick (a deadline passed)", new PoolEvent.Tick(now.AddHours(1)));
    }

    private static string Root()
    {
        var at = new DirectoryInfo(AppContext.BaseDirectory);
        while (at is not null && !File.Exists(Path.Combine(at.FullName, "Functional.sln")))
            at = at.Parent;
        return at?.FullName ?? throw new DirectoryNotFoundException("the repository's root");
    }
}
