using System.CommandLine;
using System.Net;
using Trainyard.Cli;
using Trainyard.Shell;

namespace Trainyard.Server;

/// <summary><c>trainyard-server serve ROOT</c>: a directory, in the native protocol.</summary>
internal static class ServeCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var root = new Argument<string>("ROOT") { Description = "the directory to serve; nothing outside of it is ever read or written" };
        var listen = new Option<string[]>("--listen")
        {
            Description = "where to listen: ADDRESS:PORT, [IPV6]:PORT, ADDRESS or unix:PATH; port 0 takes a free one; may be given several times",
            HelpName = "address",
            DefaultValueFactory = _ => [$"{IPAddress.Loopback}:{TrainyardServerOptions.DefaultPort}"],
        };
        var readOnly = new Option<bool>("--read-only") { Description = "clients may read, and change nothing" };
        var request = Choices.Duration("--request-limit", "a client that needs longer for its hello or a request is cut", new("10s", TimeSpan.FromSeconds(10)));
        var idle = Choices.Duration("--idle", "a client that asks for nothing for so long is cut", new("5m", TimeSpan.FromMinutes(5)));
        var noProgress = Choices.Duration("--no-progress", "a transfer that moves nothing for so long is cut", new("60s", TimeSpan.FromSeconds(60)));
        var keep = Choices.Duration("--keep-partials", "uploads that broke off so long ago are removed at the start", new("168h", TimeSpan.FromDays(7)));
        var pool = new PoolOptions(slots: 1024, "the client is told that the server is busy");
        var limits = new LimitOptions();
        var command = new Command("serve", "Serve a directory.") { root, listen, readOnly, request, idle, noProgress, keep };
        pool.AddTo(command);
        limits.AddTo(command);
        command.SetAction(parsed =>
        {
            var addresses = parsed.GetRequiredValue(listen).Select(ListenAddress.Parse).ToArray();
            using var server = new TrainyardServer(new()
            {
                Root = parsed.GetRequiredValue(root),
                ReadOnly = parsed.GetValue(readOnly),
                Listen = addresses,
                Limits = limits.Of(parsed, addresses),
                Processes = pool.Processes(parsed, Environment.ProcessorCount),
                Threads = pool.Threads(parsed),
                Slots = pool.Slots(parsed),
                Backlog = pool.Backlog(parsed),
                MaximumWait = pool.MaximumWait(parsed),
                RequestLimit = parsed.GetValue(request).Value,
                IdleLimit = parsed.GetValue(idle).Value,
                NoProgressLimit = parsed.GetValue(noProgress).Value,
                KeepPartials = parsed.GetValue(keep).Value,
                DrainPatience = pool.DrainPatience(parsed),
                RunAs = pool.RunAs(parsed),
                Standalone = true,
                Control = pool.Control(parsed),
                Logger = pool.Logger(parsed),
            });
            foreach (var endPoint in server.EndPoints)
                Console.WriteLine($"listening on {ListenAddress.Text(endPoint)}");
            Console.WriteLine($"try: trainyard ls {ListenAddress.Url(server.EndPoints[0])}");
            Console.Out.Flush();
            return (int)pool.Conclude(parsed, server.Run(handleSignals: true));
        });
        return command;
    }
}
