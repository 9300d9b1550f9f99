namespace Trainyard.Core.Systemd;

/// <summary>Why what the service manager put into the environment cannot be meant. The fault of whoever set it.</summary>
public abstract record SystemdError
{
    private SystemdError() { }

    /// <summary>The variable holds no number, or none that makes sense there.</summary>
    public sealed record NotANumber(string Variable, string Value) : SystemdError;

    /// <summary>LISTEN_FDNAMES names more or fewer sockets than LISTEN_FDS says there are.</summary>
    public sealed record NameCount(int Names, int Sockets) : SystemdError;
}
