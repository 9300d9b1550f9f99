using System.Text.Json;
using Trainyard.Integration.Control;
using Trainyard.Integration.Support;
using Trainyard.Shell;
using Trainyard.Shell.Linux;
using Xunit;

namespace Trainyard.Integration.Custody;

/// <summary>Servers and clients of these tests, and what a server must say when nobody has noticed anything.</summary>
internal static class Served
{
    /// <summary>A server of a directory.</summary>
    public static Task<RunningServer> StartAsync(string root, params IEnumerable<string> more) =>
        RunningServer.StartProgramAsync(Programs.Server, ["serve", root, "--listen", "127.0.0.1:0", .. more]);

    /// <summary>Our client, to which a connection that breaks is an error.</summary>
    public static Task<TrainyardClient> ConnectAsync(int port, DigestAlgorithm digest = DigestAlgorithm.Xxh128) =>
        TrainyardClient.ConnectAsync(
            TrainAddress.Parse($"train://127.0.0.1:{port}/"),
            new() { Retries = 0, NoProgressLimit = Until.Patience, Digest = digest, StateDirectory = Programs.RuntimeDirectory },
            TestContext.Current.CancellationToken);

    /// <summary>The same as a program.</summary>
    public static Task<Finished> RunAsync(string verb, params IEnumerable<string> arguments) =>
        Programs.RunAsync(Programs.Client, [verb, "--retry", "0", "--timeout", $"{Until.Patience.TotalSeconds}s", .. arguments]);

    /// <summary>The client in Python, which was written from the protocol's document alone.</summary>
    public static Task<Finished> RunPythonAsync(int port, params IEnumerable<string> request) =>
        Programs.RunAsync("python3", [Programs.Source("tests/Integration/Peers/native_peer.py"), "127.0.0.1", $"{port}", .. request]);

    /// <summary>What a server counts.</summary>
    public static JsonElement Status(this RunningServer server) =>
        ControlPeer.Ask(server.ControlPath, """{"version":1,"command":"status"}""").GetProperty("status");

    /// <summary>
    /// Waits until every connection has ended, ends the server, and checks that it had one connection of each client, served to its end, and found
    /// nothing to complain of.
    /// </summary>
    /// <returns>Its log.</returns>
    public static async Task<string> HasServedAsync(this RunningServer server, int clients)
    {
        long Count(string name) => server.Status().GetProperty("counts").GetProperty(name).GetInt64();
        await Until.HoldsAsync(() => Count("held") == 0, () => $"every connection ends: {server.Status()}");
        Assert.Equal(clients, Count("accepted"));
        RunningServer.Kill(server.Pid, Signal.Terminate);
        var (code, log) = await server.EndAsync();
        Assert.True(code == 0, log);
        Assert.Contains($"drained: {clients} connections done, 0 handed on, 0 refused, 0 cut", log, StringComparison.Ordinal);
        Assert.DoesNotContain(" error ", log, StringComparison.Ordinal);
        Assert.DoesNotContain(" closed: ", log, StringComparison.Ordinal);
        return log;
    }
}
