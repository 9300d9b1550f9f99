using System.CommandLine;
using Trainyard.Cli;
using Trainyard.Core.Textbook;
using Trainyard.Shell;

namespace Trainyard.Client;

/// <summary><c>trainyard textbook IP PORT</c>: fetch the file of a server that speaks a dialect of the textbook, or use its echo.</summary>
internal static class TextbookCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var ip = Choices.AddressArgument("the server's address or name");
        var port = Choices.NumberArgument("PORT", "the server's TCP port", 1, 65535);
        var dialect = Choices.DialectOption();
        var directory = new Option<string>("--output", "-o")
        {
            Description = "directory that gets the file, under the name that the server sends",
            HelpName = "dir",
            DefaultValueFactory = _ => ".",
        };
        var receive = Choices.OneOf<ReceiveStrategy>("--receive", "how the bytes move into the file",
            new("copy", ReceiveStrategy.Copy), new("mmap", ReceiveStrategy.Mmap), new("splice", ReceiveStrategy.Splice));
        var hash = Choices.OneOf<DigestAlgorithm?>("--hash", "digest to compute while receiving and print",
            new("md5", DigestAlgorithm.Md5), new("sha256", DigestAlgorithm.Sha256), new("xxh128", DigestAlgorithm.Xxh128), new("none", null));
        var connectLimit = Choices.Duration("--connect-timeout", "longest time to connect", new("10s", TimeSpan.FromSeconds(10)));
        var noProgress = Choices.Duration("--timeout", "longest time without a byte from the server", new("none", null));
        var quiet = new Option<bool>("--quiet", "-q") { Description = "print nothing but errors" };
        var json = new Option<bool>("--json") { Description = "print the result as one line of JSON" };
        var command = new Command("textbook", "Fetch the file of a textbook server; with --dialect echo, send standard input and print what comes back.")
        {
            ip, port, dialect, directory, receive, hash, connectLimit, noProgress, quiet, json,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            var options = new TextbookClientOptions
            {
                Server = Choices.EndPointOf(parsed.GetRequiredValue(ip), parsed.GetValue(port)),
                Dialect = parsed.GetValue(dialect).Value,
                Directory = parsed.GetRequiredValue(directory),
                Receive = parsed.GetValue(receive).Value,
                Digest = parsed.GetValue(hash).Value,
                ConnectLimit = parsed.GetValue(connectLimit).Value ?? TimeSpan.MaxValue,
                NoProgressLimit = parsed.GetValue(noProgress).Value,
            };
            var report = new ResultPrinter(parsed.GetValue(quiet), parsed.GetValue(json), options.Digest);
            if (options.Dialect == Dialect.Echo)
                await EchoAsync(options, report, cancellation).ConfigureAwait(false);
            else
                report.Print(await TransferDisplay.RunAsync(
                    !report.IsQuiet && !Console.IsErrorRedirected,
                    options.Server.ToString(),
                    progress => TextbookClient.DownloadAsync(options, progress, cancellation)).ConfigureAwait(false));
            return (int)ExitCode.Done;
        });
        return command;
    }

    private static async Task EchoAsync(TextbookClientOptions options, ResultPrinter report, CancellationToken cancellation)
    {
        // Opened here, not through Console.In, so that bytes stay bytes.
        var input = Console.OpenStandardInput();
        var output = Console.OpenStandardOutput();
        await using (input.ConfigureAwait(false))
        await using (output.ConfigureAwait(false))
            report.Print(await TextbookClient.EchoAsync(options, input, output, cancellation).ConfigureAwait(false));
    }
}
