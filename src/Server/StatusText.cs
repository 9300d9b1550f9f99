using System.Globalization;
using Trainyard.Cli;
using Trainyard.Shell.Control;

namespace Trainyard.Server;

/// <summary>A status for people, and for grep: a few lines, a table, the last restarts.</summary>
internal static class StatusText
{
    private static readonly string[] Headings = ["worker", "pid", "state", "conns", "served", "bytes", "rate", "age", "rss", "transfer"];

    /// <summary>Writes it.</summary>
    public static void Write(TextWriter output, StatusDocument status)
    {
        output.WriteLine(Headline(status));
        output.WriteLine($"queue    {Queue(status.Queue)}");
        output.WriteLine($"so far   {SoFar(status.Counts)}");
        output.WriteLine($"bytes    {Units.Size(status.Counts.Bytes)}, {Rate(status.Counts.BytesPerSecond)}");
        output.WriteLine();
        WriteTable(output, [Headings, .. status.Workers.Select(Row)]);
        if (status.Restarts.Count == 0)
            return;
        output.WriteLine();
        foreach (var restart in status.Restarts)
            output.WriteLine(Restart(restart));
    }

    /// <summary>Which server it is and how it is.</summary>
    public static string Headline(StatusDocument status)
    {
        var server = status.Server;
        var serving = status.Workers.Count(worker => worker.State is "ready" or "busy");
        var accepting = server.Accepting || server.Phase != "running" ? "" : ", accepting paused";
        var upgrade = server.UpgradePending ? ", upgrade pending" : "";
        var where = server.Listen.Count == 0 ? "not listening" : $"on {string.Join(", ", server.Listen)}";
        return Text(
            $"trainyard-server {server.Version}, pid {server.Pid}, {where}: {server.Phase} for {Time(server.UptimeSeconds)}{accepting}{upgrade}, {serving} of {server.TargetWorkers} workers");
    }

    /// <summary>The queue.</summary>
    public static string Queue(QueueStatus queue) =>
        queue.Waiting == 0
            ? Text($"empty; {queue.Limit} may wait")
            : Text($"{queue.Waiting} of {queue.Limit} waiting, the first for {Time(queue.LongestWaitSeconds)}");

    /// <summary>What has become of the connections.</summary>
    public static string SoFar(CountsStatus counts) =>
        Text($"{counts.Accepted} accepted, {counts.Held} held ({counts.Parked} idle), {counts.Completed} completed, {counts.HandedOn} handed on, {counts.Continued} gone on with, ")
        + Text($"{counts.Redispatched} redispatched, {counts.Rejected} rejected{Reasons(counts.RejectedBy)}, {counts.Aborted} aborted");

    /// <summary>A worker's end.</summary>
    public static string Restart(RestartStatus restart) =>
        Text($"{restart.At.ToLocalTime():HH:mm:ss}  worker {restart.Worker}, pid {restart.Pid}: {restart.Cause}");

    /// <summary>What a worker sends.</summary>
    public static string Transfer(TransferStatus transfer) =>
        transfer.Size == 0
            ? Text($"{transfer.Path} {Units.Size(transfer.Offset)}, {Rate(transfer.BytesPerSecond)}")
            : Text($"{transfer.Path} {Percent(transfer)} of {Units.Size(transfer.Size)}, {Rate(transfer.BytesPerSecond)}");

    /// <summary>Bytes a second.</summary>
    public static string Rate(double bytesPerSecond) => $"{Units.Size(bytesPerSecond)}/s";

    /// <summary>A span of time, as short as it can be said.</summary>
    public static string Time(double seconds) => TimeSpan.FromSeconds(seconds) switch
    {
        { TotalDays: >= 1 } time => Text($"{time.Days}d{time.Hours:00}h"),
        { TotalHours: >= 1 } time => Text($"{time.Hours}h{time.Minutes:00}m"),
        { TotalMinutes: >= 1 } time => Text($"{time.Minutes}m{time.Seconds:00}s"),
        var time => Text($"{time.TotalSeconds:0.0}s"),
    };

    private static string[] Row(WorkerStatus worker) =>
    [
        Text($"{worker.Id}"), Text($"{worker.Pid}"), worker.State, Text($"{worker.Connections}/{worker.Slots}"), Text($"{worker.Served}"),
        Units.Size(worker.Bytes), Rate(worker.BytesPerSecond), Time(worker.AgeSeconds), Units.Size(worker.ResidentBytes),
        worker.Transfer is { } transfer ? Transfer(transfer) : "-",
    ];

    private static string Percent(TransferStatus transfer) => Text($"{100.0 * transfer.Offset / transfer.Size:0.0}%");

    private static string Reasons(RejectedStatus by)
    {
        string[] reasons =
        [
            .. Reason(by.QueueFull, "queue full"), .. Reason(by.WaitedTooLong, "waited too long"), .. Reason(by.ShuttingDown, "shutting down"),
            .. Reason(by.NobodyTookIt, "nobody took it"), .. Reason(by.TooManyFromAddress, "too many from one address"),
        ];
        return reasons.Length == 0 ? "" : $" ({string.Join(", ", reasons)})";
    }

    private static string[] Reason(long count, string words) => count == 0 ? [] : [Text($"{count} {words}")];

    // Words to the left, numbers to the right; the last column as long as it is.
    private static void WriteTable(TextWriter output, IReadOnlyList<string[]> rows)
    {
        var last = Headings.Length - 1;
        var widths = Enumerable.Range(0, last).Select(column => rows.Max(row => row[column].Length)).ToArray();
        foreach (var row in rows)
        {
            for (var column = 0; column < last; column++)
                output.Write((column == 2 ? row[column].PadRight(widths[column]) : row[column].PadLeft(widths[column])) + "  ");
            output.WriteLine(row[last]);
        }
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
