using System.CommandLine;
using Trainyard.Cli;

namespace Trainyard.Client;

/// <summary><c>trainyard mkdir URL...</c>: make directories at a server.</summary>
internal static class MkdirCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var (session, output) = (new SessionOptions(), new OutputOptions("type (mkdir), path, url"));
        var urls = Arguments.Addresses("directories to make");
        var parents = new Option<bool>("--parents", "-p") { Description = "make missing parents too, and accept a directory that is there" };
        var dryRun = Arguments.DryRun();
        var command = new Command("mkdir", "Make directories.") { urls, parents, dryRun };
        session.AddTo(command);
        output.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            var addresses = parsed.GetRequiredValue(urls).Select(RemoteSource.ParseOne).ToArray();
            if (Array.Find(addresses, static address => address.Path.IsRoot) is { } root)
                throw new UsageException($"{root} is the root, which is there");
            using var report = output.Open(parsed);
            var (tally, done) = (new Tally(report), new DoneReport(report, parsed.GetValue(dryRun)));
            await using var servers = session.Open(parsed, report);
            foreach (var address in addresses)
                await tally.RunAsync(address.ToString(), async () =>
                {
                    if (!done.IsDryRun)
                    {
                        var client = await servers.ConnectAsync(address, cancellation).ConfigureAwait(false);
                        await client.MakeDirectoryAsync(address.Path, parsed.GetValue(parents), cancellation).ConfigureAwait(false);
                    }
                    done.Print("mkdir", address, address.Path);
                    tally.Done();
                }).ConfigureAwait(false);
            return tally.ExitCode;
        });
        return command;
    }
}
