using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Trainyard.Core.Systemd;

namespace Trainyard.Shell.Systemd;

/// <summary>Tells the service manager how the service is (sd_notify(3)); tells nobody where there is none.</summary>
/// <remarks>
/// A message that does not arrive is no failure of the service: the service manager draws its own conclusions. Not thread-safe: it belongs
/// to the master's loop, so that signs of life stop when the loop does.
/// </remarks>
internal sealed class SystemdNotifier : IDisposable
{
    private const string SocketVariable = "NOTIFY_SOCKET";
    private const string WatchdogVariable = "WATCHDOG_USEC";
    private const string WatchdogOwnerVariable = "WATCHDOG_PID";

    private readonly Socket? _socket;
    private readonly string? _address;
    private readonly string? _watchdogMicroseconds;

    private SystemdNotifier(string? address, string? watchdogMicroseconds, TimeSpan? watchdogInterval)
    {
        _address = address;
        _watchdogMicroseconds = watchdogMicroseconds;
        WatchdogInterval = watchdogInterval;
        if (address is null)
            return;
        _socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        try
        {
            _socket.Connect(new UnixDomainSocketEndPoint(address[0] == '@' ? '\0' + address[1..] : address));
            _socket.Blocking = false;
        }
        catch (Exception e) when (e is SocketException or ArgumentException)
        {
            _socket.Dispose();
            throw new TransferException(TransferFailure.ServiceManager, $"cannot reach the service manager at {address}: {e.Message}", e);
        }
    }

    /// <summary>One that tells nobody.</summary>
    public static SystemdNotifier None { get; } = new(null, null, null);

    /// <summary>How often to say <see cref="Alive"/>; <c>null</c> where nobody waits for it.</summary>
    public TimeSpan? WatchdogInterval { get; }

    /// <summary>Takes the service manager's variables out of the environment, so that workers do not inherit them.</summary>
    /// <exception cref="TransferException">They cannot be meant, or nobody listens at the address.</exception>
    public static SystemdNotifier TakeFromEnvironment()
    {
        var address = Take(SocketVariable);
        var watchdog = Take(WatchdogVariable);
        var interval = SystemdEnvironment.Watchdog(watchdog, Take(WatchdogOwnerVariable), Environment.ProcessId).Match(
            Right: some => some.IfNone(TimeSpan.Zero),
            Left: error => throw new TransferException(TransferFailure.ServiceManager, SystemdText.Describe(error)));
        if (string.IsNullOrEmpty(address))
            return None;
        if (address[0] is not ('/' or '@') || address.Length == 1)
            throw new TransferException(TransferFailure.ServiceManager, $"{SocketVariable} is '{address}', neither a path nor an abstract name");
        return interval == TimeSpan.Zero ? new(address, null, null) : new(address, watchdog, interval);
    }

    /// <summary>The service is up (READY=1), also again after <see cref="Reloading"/>.</summary>
    public void Ready(string status) => Send($"READY=1\nSTATUS={OneLine(status)}");

    /// <summary>What the service does, in one line (STATUS=).</summary>
    public void Status(string status) => Send($"STATUS={OneLine(status)}");

    /// <summary>The service begins to reload; <see cref="Ready"/> ends it (RELOADING=1 with the monotonic clock, in microseconds).</summary>
    public void Reloading() =>
        Send(string.Create(CultureInfo.InvariantCulture, $"RELOADING=1\nMONOTONIC_USEC={Stopwatch.GetTimestamp() / (Stopwatch.Frequency / 1_000_000)}"));

    /// <summary>The service begins to end (STOPPING=1).</summary>
    public void Stopping(string status) => Send($"STOPPING=1\nSTATUS={OneLine(status)}");

    /// <summary>The service's loop turns (WATCHDOG=1); says nothing where nobody waits for it.</summary>
    public void Alive()
    {
        if (WatchdogInterval is not null)
            Send("WATCHDOG=1");
    }

    /// <summary>Another process is the service from now on (MAINPID=). Only the one that is may say so.</summary>
    public void MainProcess(int processId) => Send(string.Create(CultureInfo.InvariantCulture, $"MAINPID={processId}"));

    /// <summary>The variables for a process that is to take the service over.</summary>
    public IEnumerable<KeyValuePair<string, string>> ForSuccessor()
    {
        if (_address is not null)
            yield return new(SocketVariable, _address);
        if (_watchdogMicroseconds is not null)
            yield return new(WatchdogVariable, _watchdogMicroseconds);
    }

    /// <inheritdoc/>
    public void Dispose() => _socket?.Dispose();

    internal static string? Take(string variable)
    {
        var value = Environment.GetEnvironmentVariable(variable);
        Environment.SetEnvironmentVariable(variable, null);
        return value;
    }

    private static string OneLine(string text) => text.ReplaceLineEndings(" ");

    private void Send(string message)
    {
        try
        {
            _ = _socket?.Send(Encoding.UTF8.GetBytes(message));
        }
        catch (SocketException)
        {
            // Gone, or too slow to read: nothing that this service could do about it.
        }
    }
}
