using System.CommandLine;
using Trainyard.Cli;
using Trainyard.Shell;

namespace Trainyard.Client;

/// <summary><c>trainyard mv SOURCE... DEST</c>: rename at a server.</summary>
internal static class MvCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var (session, output) = (new SessionOptions(), new OutputOptions("type (mv), path, url, to"));
        var urls = new Argument<string[]>("URL")
        {
            Description = $"what to rename, one or several, then where to; {Arguments.Patterns}",
            Arity = new ArgumentArity(2, ArgumentArity.OneOrMore.MaximumNumberOfValues),
        };
        var noClobber = new Option<bool>("--no-clobber") { Description = "only where nothing has the new name" };
        var identity = Arguments.IfIdentity("only if the file has this identity");
        var dryRun = Arguments.DryRun();
        var command = new Command(
            "mv", "Rename files, links and directories at one server. Into a directory where the last address is one, ends in / or there are several.")
        {
            urls, noClobber, identity, dryRun,
        };
        session.AddTo(command);
        output.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            var all = parsed.GetRequiredValue(urls);
            var sources = all[..^1].Select(RemoteSource.Parse).ToArray();
            var destination = RemoteSource.ParseOne(all[^1]);
            if (Array.Find(sources, source => !string.Equals(source.Address.Server, destination.Server, StringComparison.OrdinalIgnoreCase)) is { } other)
                throw new UsageException($"{other.Text} and {destination} are at two servers; use get and put");
            if (!parsed.GetValue(identity).IsNone && sources is not [{ Pattern: null }])
                throw new UsageException("--if-identity is for one file");
            using var report = output.Open(parsed);
            var (tally, done) = (new Tally(report), new DoneReport(report, parsed.GetValue(dryRun)));
            await using var servers = session.Open(parsed, report);
            var into = sources is not [{ Pattern: null }]
                || await RemoteDirectory.IsMeantAsync(servers, destination, cancellation).ConfigureAwait(false);
            await RemoteTarget.ForEachAsync(servers, sources, tally, async target =>
            {
                if (target.Path.IsRoot)
                    throw new TransferException(TransferFailure.Usage, "the root cannot be renamed");
                var to = into ? destination.Path.Join(target.Path.Name) : destination.Path;
                if (!done.IsDryRun)
                    await target.Client.MoveAsync(target.Path, to, parsed.GetValue(noClobber), parsed.GetValue(identity), cancellation).ConfigureAwait(false);
                done.Print("mv", target.Address, target.Path, to);
                tally.Done();
            }, cancellation).ConfigureAwait(false);
            return tally.ExitCode;
        });
        return command;
    }
}
