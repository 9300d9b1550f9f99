using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Trainyard.Integration.Support;
using Xunit;

namespace Trainyard.Integration.Textbook;

/// <summary>What the programs say and how they end.</summary>
public sealed class CommandLineTests
{
    [Theory]
    [InlineData("trainyard-server", "textbook", "--processes --threads --slots --file --dialect --send --backlog --max-wait --no-progress --drain")]
    [InlineData("trainyard-server", "demo", "--size --workers --clients --dialect --dir")]
    [InlineData("trainyard", "textbook", "--dialect --output --receive --hash --timeout --json --quiet")]
    public async Task Help_names_every_option(string program, string command, string options)
    {
        var help = await Programs.RunAsync(Path.Combine(AppContext.BaseDirectory, program), command, "--help");
        Assert.Equal(0, help.Code);
        Assert.All(options.Split(' '), option => Assert.Contains(option, help.Output, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("trainyard-server", 2, "textbook 127.0.0.1 0 2")]
    [InlineData("trainyard-server", 2, "textbook 127.0.0.1 0 0 --file /etc/hostname")]
    [InlineData("trainyard-server", 2, "textbook 127.0.0.1 70000 2 --file /etc/hostname")]
    [InlineData("trainyard-server", 2, "textbook 127.0.0.1 port 2 --file /etc/hostname")]
    [InlineData("trainyard-server", 2, "textbook 127.0.0.1 0 2 --file /etc/hostname --dialect morse")]
    [InlineData("trainyard-server", 2, "textbook 127.0.0.1 0 2 --file /etc/hostname --dialect echo")]
    [InlineData("trainyard-server", 2, "textbook 127.0.0.1 0 2 --file /etc/hostname --max-wait soon")]
    [InlineData("trainyard-server", 2, "textbook 127.0.0.1 0 2 --fyle x")]
    [InlineData("trainyard-server", 2, "textbook 127.0.0.1 0 2 --file /etc/hostname --threads 0")]
    [InlineData("trainyard-server", 2, "textbook 127.0.0.1 0 2 --file /etc/hostname --slots 70000")]
    [InlineData("trainyard-server", 2, "textbook 127.0.0.1 0 2 --file /etc/hostname --processes none")]
    [InlineData("trainyard-server", 2, "textbook 127.0.0.1 0 2 --file /etc/hostname --threads 256")]
    [InlineData("trainyard-server", 2, "nonsense")]
    [InlineData("trainyard-server", 8, "textbook 127.0.0.1 0 2 --file /nowhere/at/all")]
    [InlineData("trainyard-server", 8, "textbook 127.0.0.1 0 2 --file /tmp")]
    [InlineData("trainyard-server", 8, "textbook 127.0.0.1 0 2 --file /dev/null")]
    [InlineData("trainyard-server", 10, "textbook 203.0.113.7 0 2 --file /etc/hostname")]
    [InlineData("trainyard-server", 2, "demo --size lots")]
    [InlineData("trainyard-server", 2, "demo --dialect echo")]
    [InlineData("trainyard", 2, "textbook 127.0.0.1 0")]
    [InlineData("trainyard", 2, "textbook 127.0.0.1")]
    [InlineData("trainyard", 2, "textbook 127.0.0.1 1 --hash crc")]
    [InlineData("trainyard", 8, "textbook 127.0.0.1 1 -o /nowhere/at/all")]
    public async Task A_wrong_command_line_is_one_sentence(string program, int code, string arguments)
    {
        var end = await Programs.RunAsync(Path.Combine(AppContext.BaseDirectory, program), arguments.Split(' '));
        Assert.Equal(code, end.Code);
        Assert.Equal("", end.Output);
        Assert.StartsWith($"{program}: ", end.Error, StringComparison.Ordinal);
        Assert.Equal(1, end.Error.Count(c => c == '\n'));
    }

    [Fact]
    public async Task Nobody_listening_and_an_address_in_use()
    {
        using var directory = new TemporaryDirectory();
        var cargo = Cargo.Create(directory, "cargo", 10);
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        Assert.Equal(10, (await Programs.RunAsync(Programs.Server, "textbook", "127.0.0.1", $"{port}", "1", "--file", cargo)).Code);
        taken.Stop();
        Assert.Equal(3, (await Programs.RunAsync(Programs.Client, "textbook", "127.0.0.1", $"{port}", "-o", directory.Path)).Code);
    }

    [Fact]
    public async Task Json_quiet_and_an_existing_file()
    {
        using var directory = new TemporaryDirectory();
        var cargo = Cargo.Create(directory, "cargo", 12_345);
        await using var server = await RunningServer.StartAsync(1, "sized", cargo);
        var target = directory.Sub("target");
        File.WriteAllText(Path.Combine(target, "cargo"), new string('o', 100_000));
        var json = await server.FetchAsync(target, "sized", "--json", "--hash", "xxh128");
        Assert.True(json.Code == 0, json.Error);
        using var parsed = JsonDocument.Parse(json.Output);
        Assert.Equal(12_345, parsed.RootElement.GetProperty("bytes").GetInt64());
        Assert.Equal("xxh128", parsed.RootElement.GetProperty("hash").GetString());
        Assert.Equal(32, parsed.RootElement.GetProperty("digest").GetString()!.Length);
        Assert.True(Cargo.Same(cargo, Path.Combine(target, "cargo")));
        Assert.Equal(new Finished(0, "", ""), await server.FetchAsync(target, "sized", "--quiet"));
        Assert.Equal([Path.Combine(target, "cargo")], Cargo.Everything(target));
    }

    [Theory]
    [InlineData("--size 8M")]
    [InlineData("--size 32M --kill")]
    public async Task The_demo_agrees_and_tidies_up(string options)
    {
        using var directory = new TemporaryDirectory();
        var demo = await Programs.RunAsync(Programs.Server, ["demo", "--dir", directory.Path, .. options.Split(' ')]);
        Assert.True(demo.Code == 0, demo.Error);
        Assert.Equal(4, demo.Output.Split("equal │").Length - 1);
        Assert.Contains("all 4 digests equal", demo.Output, StringComparison.Ordinal);
        Assert.Empty(Cargo.Everything(directory.Path));
    }
}
