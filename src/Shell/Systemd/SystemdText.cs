using Trainyard.Core.Systemd;

namespace Trainyard.Shell.Systemd;

/// <summary>The one place that puts into words what is wrong with the service manager's variables.</summary>
internal static class SystemdText
{
    /// <summary>The error, as a sentence without its full stop.</summary>
    public static string Describe(SystemdError error) =>
        error switch
        {
            SystemdError.NotANumber(var variable, var value) => $"{variable} is '{value}', which cannot be meant",
            SystemdError.NameCount(var names, var sockets) => $"LISTEN_FDNAMES names {names} sockets and LISTEN_FDS says {sockets}",
            _ => "the service manager's variables cannot be meant",
        };
}
