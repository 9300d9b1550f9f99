using System.CommandLine;
using Trainyard.Shell;

namespace Trainyard.Client;

/// <summary><c>trainyard ls URL...</c>: what lies in a directory.</summary>
internal static class LsCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var (session, output) = (new SessionOptions(), new OutputOptions("path, url, kind (file, directory, link, other), size, modified, modified_ns, mode, identity, target"));
        var urls = Arguments.Addresses($"directories, or files; {Arguments.Patterns}");
        var recursive = new Option<bool>("--recursive", "-r") { Description = "with all that lies below" };
        var isLong = new Option<bool>("--long", "-l") { Description = "with mode, size in bytes, time of modification, and where links lead" };
        var command = new Command("ls", "List what lies in a directory. What a pattern matches is listed itself.")
        {
            urls, recursive, isLong,
        };
        session.AddTo(command);
        output.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            var sources = Arguments.SourcesOf(parsed, urls);
            using var report = output.Open(parsed);
            var (tally, listing) = (new Tally(report), new Listing(report, parsed.GetValue(isLong), parsed.GetValue(recursive)));
            await using var servers = session.Open(parsed, report);
            await RemoteTarget.ForEachAsync(servers, sources, tally, async target =>
            {
                await listing.PrintAsync(target, cancellation).ConfigureAwait(false);
                tally.Done();
            }, cancellation).ConfigureAwait(false);
            return tally.ExitCode;
        });
        return command;
    }

    private sealed class Listing(Report report, bool isLong, bool isRecursive)
    {
        // A pattern's matches are listed themselves unless all below them is wanted; what was named by itself is opened.
        public async Task PrintAsync(RemoteTarget target, CancellationToken cancellation)
        {
            if (target.Entry is { } match)
                Print(target, match, target.Base);
            if (target.Entry is not null && !(isRecursive && target.Entry.Kind == RemoteEntryKind.Directory))
                return;
            var directory = target.Entry is null ? target.Path : target.Base;
            var isDirectory = target.Entry is not null || target.Path.IsRoot;
            try
            {
                await foreach (var entry in target.Client.ListAsync(target.Path, isRecursive, cancellation).ConfigureAwait(false))
                {
                    isDirectory = true;
                    Print(target, entry, directory);
                }
            }
            catch (TransferException e) when (e.Reason == TransferFailure.WrongKind && !isDirectory)
            {
                Print(target, await target.StatAsync(cancellation).ConfigureAwait(false), target.Base);
            }
        }

        private void Print(RemoteTarget target, RemoteEntry entry, TrainPath directory)
        {
            if (report.IsJson)
                report.Json(writer => JsonLine.WriteEntry(writer, target.Address, entry));
            else
                report.Line(isLong ? EntryText.Prefix(entry) : "", Expansion.Below(directory, entry.Path), EntryText.Suffix(entry, isLong));
        }
    }
}
