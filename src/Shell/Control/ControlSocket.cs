using Trainyard.Shell.Linux;
using Trainyard.Shell.Master;

namespace Trainyard.Shell.Control;

/// <summary>A listening control socket and its name in the file system.</summary>
internal sealed class ControlSocket : IDisposable
{
    private const uint OwnerOnly = 0x180;
    private const int Backlog = 16;

    private readonly SocketName _name;

    private ControlSocket(SocketDescriptor socket, SocketName name, string path)
    {
        Socket = socket;
        _name = name;
        Path = path;
    }

    /// <summary>The descriptor, to wait for and accept from.</summary>
    public SocketDescriptor Socket { get; }

    /// <summary>Its name.</summary>
    public string Path { get; }

    /// <summary>Listens where a server is to be found.</summary>
    /// <param name="location">Where.</param>
    /// <param name="name">The socket's name where that is the default directory.</param>
    /// <param name="takeOver">As the other form.</param>
    /// <returns><c>null</c> where there is to be none, or the default directory cannot be had.</returns>
    /// <exception cref="TransferException">As the other form.</exception>
    public static ControlSocket? Open(ControlLocation location, string name, bool takeOver = false) => location switch
    {
        ControlLocation.At(var path) => Open(path, takeOver),
        ControlLocation.Default when ControlDirectory.Make() is { } directory => Open(System.IO.Path.Combine(directory, name), takeOver),
        _ => null,
    };

    /// <summary>Listens under a name, as <see cref="SocketName.Listen"/> does.</summary>
    /// <param name="path">The name.</param>
    /// <param name="takeOver">Replace a living server's too.</param>
    /// <exception cref="TransferException">The name cannot be had (<see cref="TransferFailure.Listen"/>).</exception>
    public static ControlSocket Open(string path, bool takeOver = false)
    {
        var (socket, name) = SocketName.Listen(
            path, OwnerOnly, Backlog, $"cannot have the control socket {path} (another place: --control)", takeOver);
        return new(socket, name, path);
    }

    /// <summary>Removes the name, where it is still ours, and stops listening.</summary>
    public void Dispose()
    {
        _name.Remove();
        Socket.Dispose();
    }
}
