using System.CommandLine;
using System.Globalization;
using Trainyard.Cli;
using Trainyard.Shell.Control;

namespace Trainyard.Server;

/// <summary>Which running server a command is for: the socket or the port that was given, or the only one there is.</summary>
internal sealed class ServerChoice
{
    private readonly Option<string?> _control = new("--control") { Description = "the server's control socket", HelpName = "path" };
    private readonly Option<int> _port = Choices.Number("--port", "the server's port, where its control socket is in the default directory", 0, 1, 65535);

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Add(_control);
        command.Add(_port);
    }

    /// <summary>The client of the server that is meant.</summary>
    /// <exception cref="UsageException">None is, or one of several could be.</exception>
    public async Task<ControlClient> FindAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var path = parsed.GetValue(_control);
        var port = parsed.GetValue(_port);
        if (path is not null && port != 0)
            throw new UsageException("--control and --port name a server twice");
        if (path is not null)
            return new ControlClient(path);
        var sockets = ControlDirectory.Sockets();
        if (port != 0)
        {
            var name = ControlDirectory.NameOf(port);
            return new ControlClient(
                sockets.FirstOrDefault(socket => Path.GetFileName(socket) == name)
                ?? throw new UsageException(string.Create(CultureInfo.InvariantCulture, $"no server of port {port} in {Directories()}")));
        }
        return await OnlyOneAsync(sockets, cancellation).ConfigureAwait(false);
    }

    /// <summary>Where a server's own control socket goes.</summary>
    /// <param name="given">A path, <c>none</c>, or nothing.</param>
    public static ControlLocation LocationOf(string? given) => given switch
    {
        null => new ControlLocation.Default(),
        "none" => new ControlLocation.None(),
        "" => throw new UsageException("--control takes a path, or none"),
        _ => new ControlLocation.At(Path.GetFullPath(given)),
    };

    private static async Task<ControlClient> OnlyOneAsync(IReadOnlyList<string> sockets, CancellationToken cancellation)
    {
        List<ControlClient> living = [];
        foreach (var client in sockets.Select(socket => new ControlClient(socket)))
            if (await client.IsAliveAsync(cancellation).ConfigureAwait(false))
                living.Add(client);
        return living switch
        {
            [var only] => only,
            [] => throw new UsageException($"no server is running that has its control socket in {Directories()}; name it with --control"),
            _ => throw new UsageException(
                $"several servers are running; choose one with --control or --port: {string.Join(", ", living.Select(client => client.Path))}"),
        };
    }

    private static string Directories() => string.Join(" or ", ControlDirectory.Candidates());
}
