using System.CommandLine;

namespace Trainyard.Client;

/// <summary><c>trainyard stat URL...</c>: all that a server says of files, directories and links.</summary>
internal static class StatCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var (session, output) = (new SessionOptions(), new OutputOptions("the fields of ls"));
        var urls = Arguments.Addresses($"what to describe; {Arguments.Patterns}");
        var command = new Command("stat", "Describe files, directories and links (links themselves).") { urls };
        session.AddTo(command);
        output.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            var sources = Arguments.SourcesOf(parsed, urls);
            using var report = output.Open(parsed);
            var (tally, isFirst) = (new Tally(report), true);
            await using var servers = session.Open(parsed, report);
            await RemoteTarget.ForEachAsync(servers, sources, tally, async target =>
            {
                var entry = await target.StatAsync(cancellation).ConfigureAwait(false);
                if (report.IsJson)
                    report.Json(writer => JsonLine.WriteEntry(writer, target.Address, entry));
                else
                    report.Line((isFirst ? "" : "\n") + string.Join('\n', EntryText.Facts(entry)));
                isFirst = false;
                tally.Done();
            }, cancellation).ConfigureAwait(false);
            return tally.ExitCode;
        });
        return command;
    }
}
