using System.Diagnostics;
using System.Text.Json;
using Trainyard.Cli;
using Trainyard.Shell;

namespace Trainyard.Client;

/// <summary>Says what became of transfers. Thread-safe.</summary>
internal sealed class TransferPrinter(string verb, Report report, Tally tally)
{
    private readonly Lock _lock = new();
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private long _files;
    private long _kept;
    private long _moved;

    /// <summary>One item's end.</summary>
    public void Print(TransferItem item, TransferOutcome outcome)
    {
        switch (outcome)
        {
            case TransferOutcome.File(var result):
                // With --update nothing moves of what is the same already.
                var isKept = result is { Moved: 0, Resumed: 0, Size: > 0 };
                Count(isKept ? 0 : 1, isKept ? 1 : 0, result.Moved);
                tally.Done();
                PrintFile(item, result, isKept);
                break;
            case TransferOutcome.Kept:
                Count(0, 1, 0);
                tally.Done();
                PrintKept(item);
                break;
            case TransferOutcome.Tree(var result):
                Count(result.Files, result.Skipped, result.Bytes);
                PrintTree(item, result);
                break;
        }
    }

    /// <summary>What would be transferred.</summary>
    public void Preview(string source, string target, long? size)
    {
        if (report.IsJson)
            report.Json(writer =>
            {
                writer.WriteString("type", verb);
                writer.WriteBoolean("dry_run", true);
                writer.WriteString("source", source);
                writer.WriteString("target", target);
                if (size is { } bytes)
                    writer.WriteNumber("bytes", bytes);
            });
        else
            report.Line($"would {verb} {source} -> {target}{(size is { } known ? $" ({Units.Size(known)})" : "")}");
    }

    /// <summary>All of it in one line, for a person.</summary>
    public void Summarise()
    {
        var kept = _kept == 0 ? "" : $", {_kept} left as they were";
        report.Summary($"{_files} {(_files == 1 ? "file" : "files")}{kept}, {Units.Size(_moved)} in {_clock.Elapsed.TotalSeconds:0.00} s, {Units.Rate(_moved, _clock.Elapsed)}");
    }

    private void PrintFile(TransferItem item, TransferResult result, bool isKept)
    {
        if (isKept)
            report.Note($"{item.Target} is the same already");
        if (result.Resumed > 0 || result.Reconnects > 0)
            report.Note($"{item.Source}: {Units.Size(result.Moved)} moved, {Units.Size(result.Resumed)} from before, {result.Reconnects} reconnects");
        if (!report.IsJson && report.OutputIsTaken)
            report.Note($"{item.Source}: {result.Digest}");
        else if (!report.IsJson)
            report.Checksum(result.Digest, item.TargetName);
        else
            report.Json(writer =>
            {
                WriteItem(writer, item, result.Elapsed);
                if (isKept)
                    writer.WriteBoolean("kept", true);
                writer.WriteNumber("bytes", result.Size);
                writer.WriteNumber("moved", result.Moved);
                writer.WriteNumber("resumed", result.Resumed);
                writer.WriteNumber("reconnects", result.Reconnects);
                writer.WriteString("hash", JsonLine.Algorithm(result.Algorithm));
                writer.WriteString("digest", result.Digest);
                writer.WriteString("identity", result.Identity.ToString());
            });
    }

    private void PrintKept(TransferItem item)
    {
        if (!report.IsJson)
            report.Note($"{item.Target} is there and stays as it is");
        else
            report.Json(writer =>
            {
                WriteItem(writer, item, TimeSpan.Zero);
                writer.WriteBoolean("kept", true);
            });
    }

    private void PrintTree(TransferItem item, TreeResult result)
    {
        if (result.Failures.Count == 0 || result.Files + result.Skipped + result.Directories + result.Links > 0)
            tally.Done();
        foreach (var failure in result.Failures)
            tally.Failed($"{item.Source}{(item.Source.EndsWith('/') ? "" : "/")}{failure.Display}", failure.Error);
        if (!report.IsJson)
            report.Note($"{item.Source}: {result.Files} files, {result.Skipped} left as they were, {result.Directories} directories, {result.Links} links");
        else
            report.Json(writer =>
            {
                WriteItem(writer, item, result.Elapsed);
                writer.WriteNumber("files", result.Files);
                writer.WriteNumber("skipped", result.Skipped);
                writer.WriteNumber("directories", result.Directories);
                writer.WriteNumber("links", result.Links);
                writer.WriteNumber("bytes", result.Bytes);
                writer.WriteNumber("failed", result.Failures.Count);
                writer.WriteNumber("reconnects", result.Reconnects);
            });
    }

    private static void WriteItem(Utf8JsonWriter writer, TransferItem item, TimeSpan elapsed)
    {
        writer.WriteString("type", item.IsTree ? "tree" : "file");
        writer.WriteString("source", item.Source);
        writer.WriteString("target", item.Target);
        writer.WriteNumber("seconds", Math.Round(elapsed.TotalSeconds, 6));
    }

    private void Count(long files, long kept, long moved)
    {
        lock (_lock)
        {
            _files += files;
            _kept += kept;
            _moved += moved;
        }
    }
}
