using Trainyard.Integration.Support;
using Xunit;

namespace Trainyard.Integration.Cli;

/// <summary>A served directory, a place for what is fetched from it, and the client's program to use it with.</summary>
public sealed class Yard : IAsyncLifetime
{
    private readonly TemporaryDirectory _directory = new();
    private RunningServer? _server;

    /// <summary>The served directory.</summary>
    public string Root => Path.Combine(_directory.Path, "root");

    /// <summary>The address of a path at the server.</summary>
    public string this[string path] => $"train://127.0.0.1:{_server!.Port}/{path}";

    /// <summary>Starts the server.</summary>
    public async ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(Root);
        _server = await RunningServer.StartProgramAsync(Programs.Server, "serve", Root, "--listen", "127.0.0.1:0", "--processes", "1");
    }

    /// <summary>Ends the server, and checks that it leaves in order.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
        _directory.Dispose();
    }

    /// <summary>A new directory of this name, served.</summary>
    internal string Serve(string name) => Directory.CreateDirectory(Path.Combine(Root, name)).FullName;

    /// <summary>A new empty local directory.</summary>
    internal string Local() => Directory.CreateDirectory(Path.Combine(_directory.Path, Guid.NewGuid().ToString("N"))).FullName;

    /// <summary>Runs the client; a <c>:</c> at the beginning of an argument stands for the server.</summary>
    internal Task<Finished> RunAsync(params string[] arguments) => Programs.RunAsync(Programs.Client, Expand(arguments));

    /// <summary>Runs the client, which must end well.</summary>
    /// <returns>What it wrote on standard output.</returns>
    internal async Task<string> DoneAsync(params string[] arguments)
    {
        var end = await RunAsync(arguments);
        Assert.True(end.Code == 0, $"exit code {end.Code}: {end.Error}");
        return end.Output;
    }

    /// <summary>Runs the client, which must end with a code and say one sentence about it.</summary>
    internal async Task FailsAsync(int code, string sentence, params string[] arguments)
    {
        var end = await RunAsync(arguments);
        Assert.True(end.Code == code, $"exit code {end.Code}, not {code}: {end.Error}");
        Assert.StartsWith("trainyard: ", end.Error, StringComparison.Ordinal);
        Assert.Contains(sentence, end.Error, StringComparison.Ordinal);
        Assert.Equal(1, end.Error.Count(static c => c == '\n'));
    }

    /// <summary>The arguments, each <c>:</c> at a beginning made the server's address.</summary>
    internal IEnumerable<string> Expand(params string[] arguments) =>
        arguments.Select(argument => argument.StartsWith(':') ? this[argument[1..]] : argument);
}
