using Trainyard.Core.Systemd;
using Trainyard.Shell.Linux;
using Trainyard.Shell.Master;

namespace Trainyard.Shell.Systemd;

/// <summary>Sockets that the service manager opened and left to this process (sd_listen_fds(3), systemd.socket(5)).</summary>
internal static class SocketActivation
{
    /// <summary>Takes them over, and their variables out of the environment.</summary>
    /// <returns>The listeners in the order of the socket unit; empty where none are meant for this process.</returns>
    /// <exception cref="TransferException">The variables cannot be meant, or what was passed is no listening TCP socket.</exception>
    public static IReadOnlyList<Listener> TakeFromEnvironment()
    {
        var passed = SystemdEnvironment.Sockets(
                SystemdNotifier.Take("LISTEN_PID"), SystemdNotifier.Take("LISTEN_FDS"), SystemdNotifier.Take("LISTEN_FDNAMES"),
                Environment.ProcessId)
            .Match(Right: sockets => sockets, Left: error => throw new TransferException(TransferFailure.Listen, SystemdText.Describe(error)));
        var listeners = new List<Listener>();
        foreach (var socket in passed)
        {
            var adopted = Libc.Adopt<SocketDescriptor>(socket.Number);
            if (!adopted.IsOk)
                throw new TransferException(
                    TransferFailure.Listen, $"LISTEN_FDS promises descriptor {socket.Number} ({socket.Name}): {ErrnoText.Describe(adopted.Error)}");
            listeners.Add(Listener.Adopt(adopted.Descriptor, $"descriptor {socket.Number} ({socket.Name})"));
        }
        return listeners;
    }
}
