using System.CommandLine;
using Trainyard.Cli;
using Trainyard.Shell;

namespace Trainyard.Client;

/// <summary><c>trainyard rm URL...</c>: remove files and trees at a server.</summary>
internal static class RmCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var (session, output) = (new SessionOptions(), new OutputOptions("type (rm), path, url"));
        var urls = Arguments.Addresses($"what to remove; {Arguments.Patterns}");
        var recursive = new Option<bool>("--recursive", "-r") { Description = "directories with all that lies in them" };
        var identity = Arguments.IfIdentity("only if the file has this identity");
        var dryRun = Arguments.DryRun();
        var command = new Command(
            "rm", "Remove files, links and empty directories.")
        {
            urls, recursive, identity, dryRun,
        };
        session.AddTo(command);
        output.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            var sources = Arguments.SourcesOf(parsed, urls);
            if (sources.FirstOrDefault(static source => source.Pattern is null && source.Address.Path.IsRoot) is { } root)
                throw new UsageException($"{root.Text} is the root, which cannot be removed; what lies in it is /*");
            if (!parsed.GetValue(identity).IsNone && sources is not [{ Pattern: null }])
                throw new UsageException("--if-identity is for one file");
            using var report = output.Open(parsed);
            var tally = new Tally(report);
            var removal = new Removal(new DoneReport(report, parsed.GetValue(dryRun)), tally, parsed.GetValue(identity), cancellation);
            await using var servers = session.Open(parsed, report);
            await RemoteTarget.ForEachAsync(
                servers, sources, tally, target => parsed.GetValue(recursive) ? removal.TreeAsync(target) : removal.OneAsync(target, target.Path),
                cancellation, contentFirst: true).ConfigureAwait(false);
            return tally.ExitCode;
        });
        return command;
    }

    private sealed class Removal(DoneReport done, Tally tally, FileIdentity identity, CancellationToken cancellation)
    {
        public async Task OneAsync(RemoteTarget target, TrainPath path)
        {
            if (!done.IsDryRun)
                await target.Client.RemoveAsync(path, identity, cancellation).ConfigureAwait(false);
            done.Print("rm", target.Address, path);
            tally.Done();
        }

        // A listing names a directory before what lies in it; backwards the content comes first.
        public async Task TreeAsync(RemoteTarget target)
        {
            var entry = await target.StatAsync(cancellation).ConfigureAwait(false);
            var below = new List<TrainPath>();
            if (entry.Kind == RemoteEntryKind.Directory)
                await foreach (var inner in target.Client.ListAsync(target.Path, recursive: true, cancellation).ConfigureAwait(false))
                    below.Add(inner.Path);
            below.Reverse();
            var kept = new HashSet<TrainPath>();
            foreach (var path in below.Append(target.Path))
            {
                if (kept.Contains(path))
                    continue;
                var isRemoved = false;
                await tally.RunAsync(target.Address.At(path).ToString(), async () =>
                {
                    await OneAsync(target, path).ConfigureAwait(false);
                    isRemoved = true;
                }).ConfigureAwait(false);
                // What holds something that stays need not be tried.
                for (var parent = path; !isRemoved && !parent.IsRoot && kept.Add(parent);)
                    parent = parent.Parent;
            }
        }
    }
}
