using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Trainyard.Misbehaver;
using Trainyard.Shell;

// A pool whose workers do to themselves what a client asks for: misbehaver PROCESSES HUNG-AFTER-MS [LISTENER...], and with listeners it is
// a service of its own, that can be upgraded and activated. misbehaver files ROOT serves files, until a client's first byte is an s.
if (WorkerEntry.RunIfWorker(args, new WorkerService("misbehaviour", _ => new MisbehavingService()), new WorkerService("files", SpinningService.Create)) is { } status)
    return status;

if (args is ["files", var root])
{
    using var files = new WorkerPool(new()
    {
        Service = "files",
        Settings = SpinningService.Encode(root),
        Processes = 1,
        Listen = [new IPEndPoint(IPAddress.Loopback, 0)],
        Logger = new LineLogger(),
    });
    Console.WriteLine($"listening on {files.EndPoints[0]}");
    return files.Run(handleSignals: true).Aborted == 0 ? 0 : 12;
}

const string unix = "unix:";
using var pool = new WorkerPool(new()
{
    Service = "misbehaviour",
    Processes = int.Parse(args[0], CultureInfo.InvariantCulture),
    Listen = args.Length == 2 ? [new IPEndPoint(IPAddress.Loopback, 0)] : [.. args[2..].Select(Listener)],
    Standalone = args.Length > 2,
    Farewell = reason => Encoding.ASCII.GetBytes($"{reason}\n"),
    Limits = new() { HungAfter = TimeSpan.FromMilliseconds(int.Parse(args[1], CultureInfo.InvariantCulture)) },
    Logger = new LineLogger(),
});
Console.WriteLine($"listening on {pool.EndPoints[0]}");
return pool.Run(handleSignals: true).Aborted == 0 ? 0 : 12;

static EndPoint Listener(string text) =>
    text.StartsWith(unix, StringComparison.Ordinal) ? new UnixDomainSocketEndPoint(text[unix.Length..]) : IPEndPoint.Parse(text);
