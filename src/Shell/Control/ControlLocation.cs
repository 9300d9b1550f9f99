namespace Trainyard.Shell.Control;

/// <summary>Where a server's control socket is.</summary>
public abstract record ControlLocation
{
    private ControlLocation() { }

    /// <summary>Nowhere: the server cannot be asked anything but by signals.</summary>
    public sealed record None : ControlLocation;

    /// <summary>In the user's own directory (see <see cref="ControlDirectory"/>), named after the port: <c>5678.sock</c>.</summary>
    public sealed record Default : ControlLocation;

    /// <summary>At this path. Its directory must exist; the socket itself is made so that only its owner and root can connect.</summary>
    public sealed record At(string Path) : ControlLocation;
}
