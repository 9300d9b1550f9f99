using System.Security.Cryptography;
using System.Text.Json;
using Trainyard.Integration.Support;
using Xunit;

namespace Trainyard.Integration.Native;

/// <summary>A client that was written from docs/protocol.md alone, in another language, so that a misreading of it cannot cancel itself out.</summary>
public sealed class PythonPeerTests
{
    [Fact]
    public async Task Every_request_and_every_kind_of_refusal()
    {
        using var directory = new TemporaryDirectory();
        var root = directory.Sub("root");
        Directory.CreateDirectory(Path.Combine(root, "d/e"));
        var cargo = Cargo.Create(directory, "root/cargo", 3_000_001);
        await File.WriteAllTextAsync(Path.Combine(root, "d/small"), "hi", TestContext.Current.CancellationToken);
        File.CreateSymbolicLink(Path.Combine(root, "d/up"), "../cargo");
        File.CreateSymbolicLink(Path.Combine(root, "out"), "/etc/passwd");
        await using var server = await RawSession.ServeAsync(root);
        var got = directory["got"];

        var meta = await AskAsync(server, 0, "get", "cargo", got);
        Assert.True(Cargo.Same(cargo, got));
        Assert.Equal(3_000_001, meta.GetProperty("0").GetInt64());
        await AskAsync(server, 0, "get", "cargo", got, "1000000", "5", meta.GetProperty("3").GetString()!);
        Assert.Equal((await File.ReadAllBytesAsync(cargo, TestContext.Current.CancellationToken))[1_000_000..1_000_005], await File.ReadAllBytesAsync(got, TestContext.Current.CancellationToken));
        await AskAsync(server, 10, "get", "cargo", got, "0", "5", "00112233");
        await AskAsync(server, 0, "get", "d/up", got);
        Assert.True(Cargo.Same(cargo, got));

        foreach (var eager in (string[])["", "eager"])
        {
            await AskAsync(server, 0, "put", cargo, "d/copy", eager);
            Assert.True(Cargo.Same(cargo, Path.Combine(root, "d/copy")));
        }
        Assert.Equal(
            ["cargo", "d", "d/copy", "d/e", "d/small", "d/up", "out"],
            (await AskAsync(server, 0, "ls")).EnumerateArray().Select(static entry => entry.GetProperty("0").GetString()!));
        Assert.Equal("../cargo", (await AskAsync(server, 0, "stat", "d/up")).GetProperty("1").GetProperty("6").GetString());
        Assert.Equal(
            Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(cargo, TestContext.Current.CancellationToken))),
            (await AskAsync(server, 0, "hash", "cargo")).GetProperty("4").GetString());
        await AskAsync(server, 0, "mkdir", "x/y");
        await AskAsync(server, 0, "mv", "d/copy", "x/y/moved");
        await AskAsync(server, 0, "link", "x/l", "y/moved");
        await AskAsync(server, 0, "set", "x/y", "700");
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.Combine(root, "x/y")));
        await AskAsync(server, 21, "rm", "x");
        await AskAsync(server, 0, "rm", "x/y/moved");
        await AskAsync(server, 0, "ping");
        Assert.True((await AskAsync(server, 0, "status")).GetProperty("1").GetInt64() > 0);

        await AskAsync(server, 7, "get", "nothing", got);
        await AskAsync(server, 19, "get", "d", got);
        await AskAsync(server, 22, "get", "out", got);
        await AskAsync(server, 3, "get", "../got", got);
        await AskAsync(server, 16, "hash", "cargo", "1");
    }

    [Fact]
    public async Task A_read_only_server_changes_nothing()
    {
        using var directory = new TemporaryDirectory();
        var root = directory.Sub("root");
        var cargo = Cargo.Create(directory, "root/cargo", 1000);
        await using var server = await RawSession.ServeAsync(root, "--read-only");
        foreach (var request in (string[][])[["put", cargo, "b"], ["put", cargo, "b", "eager"], ["mkdir", "b"], ["mv", "cargo", "b"], ["rm", "cargo"], ["link", "b", "cargo"], ["set", "cargo", "600"]])
            await AskAsync(server, 8, request);
        Assert.Equal(["cargo"], Directory.GetFileSystemEntries(root).Select(Path.GetFileName));
    }

    private static async Task<JsonElement> AskAsync(RunningServer server, int status, params string[] request)
    {
        var answer = await Programs.RunAsync(
            "python3", [Programs.Source("tests/Integration/Peers/native_peer.py"), "127.0.0.1", $"{server.Port}", .. request.Where(static word => word.Length > 0)]);
        Assert.True(answer.Code == status, $"{string.Join(' ', request)}: {answer.Code} {answer.Output} {answer.Error}");
        return JsonElement.Parse(answer.Output);
    }
}
