using Trainyard.Shell.Control;

namespace Trainyard.Server;

/// <summary>
/// The slots as a lit board. Where there is room, a cell a slot: lit while it carries a connection; else a bar a worker, as high as it is
/// busy. The colour is the worker's state.
/// </summary>
internal static class SlotBoard
{
    private const string Lit = "■";
    private const string Dark = "□";

    /// <summary>The board's lines.</summary>
    /// <param name="workers">The workers.</param>
    /// <param name="width">Columns; at least 1.</param>
    /// <param name="height">The most lines; at least 1. What does not fit is counted in the last.</param>
    public static List<WatchLine> Draw(IReadOnlyList<WorkerStatus> workers, int width, int height)
    {
        var cells = workers.Select(Cells).ToArray();
        return cells.Sum(group => group.Length + 1) <= width * height && cells.All(group => group.Length <= width)
            ? Wrap(workers, cells, width, height, gap: 1)
            : Wrap(workers, [.. workers.Select(Bar)], width, height, gap: 0);
    }

    /// <summary>What the colours mean.</summary>
    public static WatchLine Legend() =>
        new WatchLine(Lit, Style("busy")).Add(" busy  ").Add(Dark, Style("ready")).Add(" idle  ")
            .Add(Lit, Style("leaving")).Add(" leaving  ").Add(Dark, Style("starting")).Add(" starting  ").Add(Lit, Style("killed")).Add(" dead");

    private static string Cells(WorkerStatus worker) =>
        string.Concat(Enumerable.Range(0, Math.Max(1, Math.Max(worker.Slots, worker.Connections)))
            .Select(slot => slot < worker.Connections || worker.State == "killed" ? Lit : Dark));

    private static string Bar(WorkerStatus worker) =>
        Bars.Of(worker.Slots == 0 ? worker.Connections : (double)worker.Connections / worker.Slots).ToString();

    private static string Style(string state) => state switch
    {
        "busy" => "green",
        "leaving" => "yellow",
        "starting" => "blue",
        "killed" => "red",
        _ => "grey",
    };

    private static List<WatchLine> Wrap(IReadOnlyList<WorkerStatus> workers, string[] groups, int width, int height, int gap)
    {
        List<WatchLine> lines = [];
        var left = 0;
        for (var i = 0; i < groups.Length; i++)
        {
            if (lines.Count == 0 || left < groups[i].Length)
            {
                if (lines.Count == height)
                {
                    lines[^1] = new WatchLine($"and {groups.Length - i + WorkersOf(width, gap)} workers more", "grey");
                    return lines;
                }
                lines.Add(new WatchLine());
                left = width;
            }
            lines[^1].Add(groups[i], Connected(workers[i])).Add(gap > 0 && left > groups[i].Length ? " " : "");
            left -= groups[i].Length + gap;
        }
        return lines;
    }

    // The line that says how many are missing takes the place of a line of bars.
    private static int WorkersOf(int width, int gap) => width / (1 + gap);

    private static string Connected(WorkerStatus worker) =>
        worker is { State: "ready", Connections: > 0 } ? Style("busy") : Style(worker.State);
}
