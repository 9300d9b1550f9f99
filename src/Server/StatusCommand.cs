using System.CommandLine;
using Trainyard.Cli;
using Trainyard.Core.Control;
using Trainyard.Shell;
using Trainyard.Shell.Control;

namespace Trainyard.Server;

/// <summary><c>trainyard-server status</c>: how a running server is, once or live.</summary>
internal static class StatusCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var server = new ServerChoice();
        var json = new Option<bool>("--json") { Description = "one line of JSON; with --watch, one each time" };
        var watch = new Option<bool>("--watch", "-w") { Description = "again and again; on a terminal a live view that q or Ctrl-C leaves" };
        var interval = Choices.Duration("--interval", "with --watch: how often", new("1s", TimeSpan.FromSeconds(1)));
        var command = new Command("status", "Say how a running server is: queue, workers, what each sends, restarts.") { json, watch, interval };
        server.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            var client = await server.FindAsync(parsed, cancellation).ConfigureAwait(false);
            if (!parsed.GetValue(watch))
                Print(await AskAsync(client, cancellation).ConfigureAwait(false), parsed.GetValue(json));
            else if (parsed.GetValue(interval).Value is not { } every)
                throw new UsageException("--interval takes a time, not none");
            else if (parsed.GetValue(json) || Console.IsOutputRedirected)
                await RepeatAsync(client, every, parsed.GetValue(json), cancellation).ConfigureAwait(false);
            else
                await new StatusWatch(client, every).RunAsync(cancellation).ConfigureAwait(false);
            return (int)ExitCode.Done;
        });
        return command;
    }

    /// <summary>Asks a server how it is.</summary>
    /// <exception cref="TransferException">It does not say.</exception>
    public static async Task<StatusDocument> AskAsync(ControlClient client, CancellationToken cancellation)
    {
        var answer = await client.AskAsync(new ControlRequest.Status(), wait: true, cancellation).ConfigureAwait(false);
        return answer.Status ?? throw new TransferException(TransferFailure.Protocol, answer.Reason ?? "the server does not say how it is");
    }

    private static async Task RepeatAsync(ControlClient client, TimeSpan every, bool json, CancellationToken cancellation)
    {
        try
        {
            while (true)
            {
                Print(await AskAsync(client, cancellation).ConfigureAwait(false), json);
                if (!json)
                    Console.WriteLine();
                await Console.Out.FlushAsync(cancellation).ConfigureAwait(false);
                await Task.Delay(every, cancellation).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // Ctrl-C is how a watch ends.
        }
    }

    private static void Print(StatusDocument status, bool json)
    {
        if (json)
            Console.WriteLine(status.ToJson());
        else
            StatusText.Write(Console.Out, status);
    }
}
