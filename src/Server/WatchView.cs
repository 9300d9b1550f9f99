using System.Globalization;
using Trainyard.Cli;
using Trainyard.Shell.Control;

namespace Trainyard.Server;

/// <summary>The live view's lines: what matters most comes first, and what does not fit is left out from the bottom.</summary>
internal static class WatchView
{
    private const int Restarts = 4;

    /// <summary>The lines for a terminal of that size.</summary>
    /// <param name="status">How the server is.</param>
    /// <param name="rates">Bytes a second, the latest last.</param>
    /// <param name="width">Columns.</param>
    /// <param name="height">Lines.</param>
    public static List<WatchLine> Draw(StatusDocument status, IReadOnlyList<double> rates, int width, int height)
    {
        List<WatchLine> lines = [Header(status), new()];
        lines.AddRange(SlotBoard.Draw(status.Workers, Math.Max(1, width), Math.Max(1, height / 4)));
        lines.Add(SlotBoard.Legend());
        lines.Add(new());
        lines.Add(Rate(status.Counts, rates, width));
        lines.Add(Queue(status.Queue, width));
        lines.Add(Counts(status.Counts));
        lines.Add(new());
        var restarts = Math.Min(Restarts, status.Restarts.Count);
        var room = height - lines.Count - restarts - 3;
        lines.AddRange(Transfers(status.Workers, width, room));
        if (restarts > 0)
        {
            lines.Add(new());
            lines.AddRange(status.Restarts.Skip(status.Restarts.Count - restarts).Select(restart => new WatchLine(StatusText.Restart(restart), Colour(restart))));
        }
        while (lines.Count < height - 1)
            lines.Add(new());
        return [.. lines.Take(Math.Max(0, height - 1)), new WatchLine("q leaves", "grey")];
    }

    private static WatchLine Header(StatusDocument status)
    {
        var server = status.Server;
        var serving = status.Workers.Count(worker => worker.State is "ready" or "busy");
        var phase = server.UpgradePending ? "upgrading" : server.Accepting || server.Phase != "running" ? server.Phase : "accepting paused";
        return new WatchLine("trainyard", "bold")
            .Add(server.Listen.Count > 0 ? $" {server.Listen[0]}" : " not listening", "bold")
            .Add($"  {phase}", phase == "running" ? "green" : "yellow")
            .Add($" {StatusText.Time(server.UptimeSeconds)}")
            .Add(Text($"  {serving}/{server.TargetWorkers} workers"))
            .Add(Text($"  pid {server.Pid}  {server.Version}"), "grey");
    }

    private static WatchLine Rate(CountsStatus counts, IReadOnlyList<double> rates, int width) =>
        new WatchLine("rate   ", "grey").Add(StatusText.Rate(counts.BytesPerSecond).PadRight(14), "bold")
            .Add(Bars.Sparkline(rates, Math.Clamp(width - 24, 0, 60)), "green");

    private static WatchLine Queue(QueueStatus queue, int width)
    {
        var line = new WatchLine("queue  ", "grey").Add(Text($"{queue.Waiting}/{queue.Limit}").PadRight(14), queue.Waiting == 0 ? "" : "bold");
        if (queue.Waiting == 0)
            return line;
        var columns = Math.Clamp(width - 44, 0, 30);
        var full = (int)Math.Ceiling((double)columns * Math.Min(queue.Waiting, queue.Limit) / Math.Max(1, queue.Limit));
        return line.Add(new string('█', full), "yellow").Add(new string('░', columns - full), "grey")
            .Add($" first for {StatusText.Time(queue.LongestWaitSeconds)}");
    }

    private static WatchLine Counts(CountsStatus counts) =>
        new WatchLine("conns  ", "grey").Add(Text($"{counts.Held} held, {counts.Completed} completed"))
            .Add(Text($", {counts.Rejected} rejected"), counts.Rejected == 0 ? "" : "yellow")
            .Add(Text($", {counts.Aborted} aborted"), counts.Aborted == 0 ? "" : "red")
            .Add(Text($", {counts.HandedOn} handed on, {counts.Redispatched} redispatched, {counts.Continued} gone on with; {Units.Size(counts.Bytes)}"));

    private static IEnumerable<WatchLine> Transfers(IReadOnlyList<WorkerStatus> workers, int width, int room)
    {
        var sending = workers.Where(worker => worker.Transfer is not null).ToArray();
        var shown = sending.Length <= room ? sending.Length : Math.Max(0, room - 1);
        foreach (var worker in sending.Take(shown))
            yield return Transfer(worker, worker.Transfer!, width);
        if (sending.Length > shown && room > 0)
            yield return new WatchLine(Text($"and {sending.Length - shown} transfers more"), "grey");
    }

    private static WatchLine Transfer(WorkerStatus worker, TransferStatus transfer, int width)
    {
        var line = new WatchLine(Text($"{worker.Pid,7} "), "grey");
        var done = transfer.Size == 0 ? 0 : Math.Clamp((double)transfer.Offset / transfer.Size, 0, 1);
        var columns = width < 60 ? 0 : 20;
        var full = (int)(done * columns);
        line.Add(new string('█', full), "green").Add(new string('░', columns - full), "grey");
        line.Add(transfer.Size == 0 ? Units.Size(transfer.Offset).PadLeft(11) : Text($"{100 * done,6:0.0}%"));
        return line.Add($"  {StatusText.Rate(transfer.BytesPerSecond),13}").Add($"  {transfer.Path}");
    }

    private static string Colour(RestartStatus restart) => restart.Cause == "left" ? "grey" : "yellow";

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
