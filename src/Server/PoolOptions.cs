using System.CommandLine;
using Microsoft.Extensions.Logging;
using Trainyard.Cli;
using Trainyard.Core.Pool;
using Trainyard.Shell;
using Trainyard.Shell.Control;

namespace Trainyard.Server;

/// <summary>The options of a pool's shape, patience, identity and reports, the same for every command that runs one.</summary>
/// <param name="slots">How many connections a thread carries unless said otherwise.</param>
/// <param name="whoWaits">What happens to a connection that waited too long.</param>
internal sealed class PoolOptions(int slots, string whoWaits)
{
    private readonly Option<int?> _processes = new("--processes")
    {
        Description = "worker processes: 1 with --threads is a pool of threads",
        HelpName = "number",
        CustomParser = result => Choices.NumberIn(result, "--processes", 1, WorkerPool.MaximumProcesses(threads: 1)),
    };

    private readonly Option<int> _threads =
        Choices.Number("--threads", "threads in each worker process", 1, 1, WorkerPool.MaximumProcesses(threads: 1) - 1);

    private readonly Option<int> _slots = Choices.Number("--slots", "connections that each thread carries at once", slots, 1, WorkerPool.MaximumSlots);
    private readonly Option<int> _backlog = Choices.Number("--backlog", "connections that may wait for a free worker", 1024, 1, 1_000_000);
    private readonly Option<Choice<TimeSpan?>> _drain =
        Choices.Duration("--drain", "on SIGTERM, what moves nothing for so long is cut", new("30s", TimeSpan.FromSeconds(30)));

    private readonly Option<Choice<TimeSpan?>> _maximumWait =
        Choices.Duration("--max-wait", $"longest wait for a free worker, then {whoWaits}", slots == 1 ? new("none", null) : new("10s", TimeSpan.FromSeconds(10)));

    private readonly Option<string?> _user = new("--user") { Description = "run as this user once the address is bound; a name or a number", HelpName = "user" };
    private readonly Option<string?> _group = new("--group") { Description = "run as this group; without it, as the user's own", HelpName = "group" };
    private readonly Option<string?> _control = new("--control")
    {
        Description = "where status, drain and their kin find this server: a path, or none; without it, PORT.sock in the user's own directory",
        HelpName = "path",
    };

    private readonly Option<bool> _json = new("--json") { Description = "at the end, what was done as one line of JSON on standard output" };
    private readonly Option<bool> _verbose = new("--verbose", "-v") { Description = "log workers and waiting connections too" };
    private readonly Option<bool> _quiet = new("--quiet", "-q") { Description = "log warnings and errors only" };

    /// <summary>Adds them to a command.</summary>
    public void AddTo(Command command)
    {
        command.Add(_processes);
        command.Add(_threads);
        command.Add(_slots);
        command.Add(_backlog);
        command.Add(_maximumWait);
        command.Add(_drain);
        command.Add(_user);
        command.Add(_group);
        command.Add(_control);
        command.Add(_json);
        command.Add(_verbose);
        command.Add(_quiet);
    }

    /// <summary>How many worker processes.</summary>
    /// <exception cref="UsageException">More than there can be with so many threads.</exception>
    public int Processes(ParseResult parsed, int otherwise)
    {
        var processes = parsed.GetValue(_processes) ?? otherwise;
        var most = WorkerPool.MaximumProcesses(Threads(parsed));
        return processes <= most
            ? processes
            : throw new UsageException($"{processes} processes with {Threads(parsed)} threads each are too many: at most {most} processes");
    }

    /// <summary>How many threads each of them has.</summary>
    public int Threads(ParseResult parsed) => parsed.GetValue(_threads);

    /// <summary>How many connections each of those carries.</summary>
    public int Slots(ParseResult parsed) => parsed.GetValue(_slots);

    /// <summary>How many connections may wait.</summary>
    public int Backlog(ParseResult parsed) => parsed.GetValue(_backlog);

    /// <summary>How long they may.</summary>
    public TimeSpan? MaximumWait(ParseResult parsed) => parsed.GetValue(_maximumWait).Value;

    /// <summary>How long a drain waits for what moves nothing.</summary>
    public TimeSpan? DrainPatience(ParseResult parsed) => parsed.GetValue(_drain).Value;

    /// <summary>Whom to run as.</summary>
    /// <exception cref="TransferException">There is no such user or group.</exception>
    public RunAs? RunAs(ParseResult parsed) =>
        parsed.GetValue(_user) is null && parsed.GetValue(_group) is null
            ? null
            : Shell.RunAs.Find(parsed.GetValue(_user), parsed.GetValue(_group));

    /// <summary>Where the control socket is.</summary>
    public ControlLocation Control(ParseResult parsed) => ServerChoice.LocationOf(parsed.GetValue(_control));

    /// <summary>Where the log goes.</summary>
    public ILogger Logger(ParseResult parsed) =>
        new StderrLogger(parsed.GetValue(_quiet) ? LogLevel.Warning : parsed.GetValue(_verbose) ? LogLevel.Debug : LogLevel.Information);

    /// <summary>Says what was done, where that is wanted.</summary>
    public ExitCode Conclude(ParseResult parsed, ServerReport report)
    {
        if (parsed.GetValue(_json))
            Console.WriteLine(Certificate.Of(report).ToJson());
        return report.End == PoolEnd.CrashLoop ? ExitCode.CrashLoop
            : report.Aborted > 0 ? ExitCode.Cut
            : ExitCode.Done;
    }
}
