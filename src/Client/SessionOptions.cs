using System.CommandLine;
using Trainyard.Cli;
using Trainyard.Shell;

namespace Trainyard.Client;

/// <summary>The options of every command that asks a server: how long to wait, how often to try, how fast to move.</summary>
internal sealed class SessionOptions
{
    private readonly Option<Choice<TimeSpan?>> _connectLimit =
        Choices.Duration("--connect-timeout", "longest time to connect", new("10s", TimeSpan.FromSeconds(10)));

    private readonly Option<Choice<TimeSpan?>> _noProgress =
        Choices.Duration("--timeout", "longest time in which nothing moves", new("30s", TimeSpan.FromSeconds(30)));

    private readonly Option<int> _retries = Choices.Number("--retry", "how often in a row a failure that may pass is tried again", 5, 0, 1_000_000);

    private readonly Option<Choice<long?>> _limit = Choices.Rate("--limit", "most bytes moved a second");

    /// <summary>Gives a command these options.</summary>
    /// <param name="command">The command.</param>
    /// <param name="movesFiles">Whether <c>--limit</c> means anything to it.</param>
    public void AddTo(Command command, bool movesFiles = false)
    {
        command.Add(_connectLimit);
        command.Add(_noProgress);
        command.Add(_retries);
        if (movesFiles)
            command.Add(_limit);
    }

    /// <summary>The servers that a command will ask.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="report">Told of each connection.</param>
    public Servers Open(ParseResult parsed, Report report) =>
        new(new TrainyardClientOptions
        {
            ConnectLimit = parsed.GetValue(_connectLimit).Value ?? TimeSpan.MaxValue,
            NoProgressLimit = parsed.GetValue(_noProgress).Value,
            Retries = parsed.GetValue(_retries),
            BytesPerSecond = parsed.GetResult(_limit) is null ? null : parsed.GetValue(_limit).Value,
        }, report);
}
