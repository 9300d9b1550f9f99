using System.CommandLine;
using System.Globalization;
using Trainyard.Cli;
using Trainyard.Shell;

namespace Trainyard.Client;

/// <summary><c>trainyard status URL</c>: how a server is, as far as it tells its clients.</summary>
internal static class StatusCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var (session, output) = (new SessionOptions(), new OutputOptions("server, workers, connections, waiting, uptime_seconds, draining"));
        var url = Arguments.Address("the server");
        var command = new Command("status", "Ask a server how it is.") { url };
        session.AddTo(command);
        output.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            var address = RemoteSource.ParseOne(parsed.GetRequiredValue(url));
            using var report = output.Open(parsed);
            await using var servers = session.Open(parsed, report);
            var client = await servers.ConnectAsync(address, cancellation).ConfigureAwait(false);
            Print(report, address.Server, await client.StatusAsync(cancellation).ConfigureAwait(false));
            return (int)ExitCode.Done;
        });
        return command;
    }

    private static void Print(Report report, string server, RemoteStatus status)
    {
        if (report.IsJson)
            report.Json(writer =>
            {
                writer.WriteString("server", server);
                writer.WriteNumber("workers", status.Workers);
                writer.WriteNumber("connections", status.Connections);
                writer.WriteNumber("waiting", status.Waiting);
                writer.WriteNumber("uptime_seconds", status.Uptime.TotalSeconds);
                writer.WriteBoolean("draining", status.IsDraining);
            });
        else
            report.Line(string.Create(
                CultureInfo.InvariantCulture,
                $"{server}: {(status.IsDraining ? "draining" : "running")} for {status.Uptime:c}, {status.Workers} workers, {status.Connections} connections, {status.Waiting} waiting"));
    }
}
