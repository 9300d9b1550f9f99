using System.CommandLine;
using Trainyard.Cli;
using Trainyard.Core.Textbook;
using Trainyard.Shell;

namespace Trainyard.Server;

/// <summary><c>trainyard-server textbook IP PORT WORKERS</c>: one file for everybody, in one of the textbook's dialects.</summary>
internal static class TextbookCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var ip = Choices.AddressArgument("address to listen on");
        var port = Choices.NumberArgument("PORT", "TCP port; 0 takes a free one and says which", 0, 65535);
        var workers = Choices.NumberArgument("WORKERS", "worker processes, unless --processes says otherwise", 1, TextbookServer.MaximumWorkers);
        var pool = new PoolOptions(slots: 1, "the connection is closed");
        var file = new Option<string?>("--file") { Description = "the file that every client gets; not for echo", HelpName = "path" };
        var dialect = Choices.DialectOption();
        var send = Choices.OneOf<SendStrategy>("--send", "how workers move the file's bytes",
            new("auto", SendStrategy.Auto), new("copy", SendStrategy.Copy), new("mmap", SendStrategy.Mmap), new("sendfile", SendStrategy.Sendfile),
            new("splice", SendStrategy.Splice));
        var noProgress = Choices.Duration("--no-progress", "a client that takes nothing for so long is cut", new("30s", TimeSpan.FromSeconds(30)));
        var command = new Command("textbook", "Serve one file to everybody who connects, in a dialect of the textbook.")
        {
            ip, port, workers, file, dialect, send, noProgress,
        };
        var limits = new LimitOptions();
        limits.AddTo(command);
        pool.AddTo(command);
        command.SetAction(parsed =>
        {
            var listen = Choices.EndPointOf(parsed.GetRequiredValue(ip), parsed.GetValue(port));
            var options = new TextbookServerOptions
            {
                Listen = listen,
                Limits = limits.Of(parsed, listen),
                Workers = pool.Processes(parsed, parsed.GetValue(workers)),
                Threads = pool.Threads(parsed),
                Slots = pool.Slots(parsed),
                File = parsed.GetValue(file),
                Dialect = parsed.GetValue(dialect).Value,
                Send = parsed.GetValue(send).Value,
                Backlog = pool.Backlog(parsed),
                MaximumWait = pool.MaximumWait(parsed),
                NoProgressLimit = parsed.GetValue(noProgress).Value,
                DrainPatience = pool.DrainPatience(parsed),
                RunAs = pool.RunAs(parsed),
                Standalone = true,
                Control = pool.Control(parsed),
                Logger = pool.Logger(parsed),
            };
            return (int)pool.Conclude(parsed, Run(options));
        });
        return command;
    }

    private static ServerReport Run(TextbookServerOptions options)
    {
        if (options.Dialect != Dialect.Echo && string.IsNullOrEmpty(options.File))
            throw new UsageException("--file is needed: the file to serve");
        if (options.Dialect == Dialect.Echo && options.File is not null)
            throw new UsageException("--file makes no sense with --dialect echo");
        using var server = new TextbookServer(options);
        Console.WriteLine($"listening on {server.EndPoint}");
        Console.Out.Flush();
        return server.Run(handleSignals: true);
    }
}
