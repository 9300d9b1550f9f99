using System.CommandLine;
using System.Globalization;
using Trainyard.Cli;
using Trainyard.Core.Control;
using Trainyard.Core.Pool;
using Trainyard.Shell.Control;

namespace Trainyard.Server;

/// <summary><c>trainyard-server drain|stop|reload|upgrade|resize</c>: asks a running server, and waits until it has done it.</summary>
internal static class ControlCommands
{
    /// <summary><c>drain</c>.</summary>
    public static Command Drain()
    {
        var timeout = Patience();
        return Create(
            new Command("drain", "Let running transfers finish, take no new ones, end; print what was done.") { timeout },
            parsed => new ControlRequest.Drain(PatienceOf(parsed.GetValue(timeout))));
    }

    /// <summary><c>stop</c>.</summary>
    public static Command Stop() =>
        Create(new Command("stop", "End at once; running transfers are cut."), _ => new ControlRequest.StopNow());

    /// <summary><c>reload</c>.</summary>
    public static Command Reload() =>
        Create(new Command("reload", "Replace every worker by a fresh one, replacement first."), _ => new ControlRequest.Reload());

    /// <summary><c>upgrade</c>.</summary>
    public static Command Upgrade()
    {
        var timeout = Patience();
        return Create(
            new Command("upgrade", "Start the program's new version in this one's place; it takes every connection over, at whatever byte it is.") { timeout },
            parsed => new ControlRequest.Upgrade(PatienceOf(parsed.GetValue(timeout))));
    }

    /// <summary><c>resize</c>.</summary>
    public static Command Resize()
    {
        var number = new Argument<ControlRequest?>("N")
        {
            Description = $"how many workers there are to be, 1 to {PoolPolicy.MostWorkers}; with a sign, how many more or fewer: +2, -1",
            CustomParser = result =>
            {
                if (ParseSize(result.Tokens[0].Value) is { } request)
                    return request;
                result.AddError($"N is a number of workers such as 8, +2 or -1, not '{result.Tokens[0].Value}'");
                return null;
            },
        };
        return Create(new Command("resize", "Change the number of workers.") { number }, parsed => parsed.GetRequiredValue(number)!);
    }

    private static ControlRequest? ParseSize(string text)
    {
        if (!int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) || Math.Abs((long)value) > PoolPolicy.MostWorkers)
            return null;
        return value == 0 ? null
            : text[0] is '+' or '-' ? new ControlRequest.ResizeBy(value)
            : new ControlRequest.ResizeTo(value);
    }

    private static Option<Choice<TimeSpan?>?> Patience() =>
        new("--timeout")
        {
            Description = "what moves nothing for so long is cut; seconds, or with a unit (ms, s, m, h), or none; without it, as the server was told",
            HelpName = "time",
            CustomParser = result =>
            {
                if (!Units.TryParseDuration(result.Tokens[0].Value, out var duration))
                    result.AddError($"--timeout takes a time such as 30s, 500ms, 2m or none, not '{result.Tokens[0].Value}'");
                return new Choice<TimeSpan?>(result.Tokens[0].Value, duration);
            },
        };

    private static ControlPatience PatienceOf(Choice<TimeSpan?>? given) => given switch
    {
        null => new ControlPatience.Configured(),
        { Value: { } limit } => new ControlPatience.Limit(limit),
        _ => new ControlPatience.Endless(),
    };

    private static Command Create(Command command, Func<ParseResult, ControlRequest> request)
    {
        var server = new ServerChoice();
        var noWait = new Option<bool>("--no-wait") { Description = "come back at once, not when it is done" };
        var json = new Option<bool>("--json") { Description = "print the server's answer as it is" };
        server.AddTo(command);
        command.Add(noWait);
        command.Add(json);
        command.SetAction(async (parsed, cancellation) =>
        {
            var client = await server.FindAsync(parsed, cancellation).ConfigureAwait(false);
            var asked = request(parsed);
            var answer = await client.AskAsync(asked, !parsed.GetValue(noWait), cancellation).ConfigureAwait(false);
            Console.WriteLine(parsed.GetValue(json) ? answer.ToJson() : AnswerText.Of(asked, answer));
            return (int)CodeOf(asked, answer);
        });
        return command;
    }

    private static ExitCode CodeOf(ControlRequest asked, ControlAnswer answer) => answer.Outcome switch
    {
        _ when asked is ControlRequest.Drain && answer.Certificate is { Aborted: > 0 } => ExitCode.Cut,
        ControlOutcome.Failed => ExitCode.NotDone,
        ControlOutcome.Refused => ExitCode.Protocol,
        _ => ExitCode.Done,
    };
}
