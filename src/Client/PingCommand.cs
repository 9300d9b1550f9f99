using System.CommandLine;
using System.Globalization;
using Trainyard.Cli;

namespace Trainyard.Client;

/// <summary><c>trainyard ping URL</c>: whether a server is there, and how long it takes to answer.</summary>
internal static class PingCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var (session, output) = (new SessionOptions(), new OutputOptions("server, milliseconds"));
        var url = Arguments.Address("the server");
        var count = Choices.Number("--count", "how often", 1, 1, int.MaxValue);
        count.Aliases.Add("-c");
        var interval = Choices.Duration("--interval", "from one to the next", new("1s", TimeSpan.FromSeconds(1)));
        var command = new Command("ping", "Ask whether a server answers.") { url, count, interval };
        session.AddTo(command);
        output.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            var address = RemoteSource.ParseOne(parsed.GetRequiredValue(url));
            using var report = output.Open(parsed);
            await using var servers = session.Open(parsed, report);
            var client = await servers.ConnectAsync(address, cancellation).ConfigureAwait(false);
            for (var at = 0; at < parsed.GetValue(count); at++)
            {
                if (at > 0 && parsed.GetValue(interval).Value is { } pause)
                    await Task.Delay(pause, cancellation).ConfigureAwait(false);
                Print(report, address.Server, (await client.PingAsync(cancellation).ConfigureAwait(false)).TotalMilliseconds);
            }
            return (int)ExitCode.Done;
        });
        return command;
    }

    private static void Print(Report report, string server, double milliseconds)
    {
        if (report.IsJson)
            report.Json(writer =>
            {
                writer.WriteString("server", server);
                writer.WriteNumber("milliseconds", Math.Round(milliseconds, 6));
            });
        else
            report.Line(string.Create(CultureInfo.InvariantCulture, $"{server} answers in {milliseconds:0.###} ms"));
        report.Flush();
    }
}
