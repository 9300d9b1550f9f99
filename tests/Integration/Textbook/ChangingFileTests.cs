using Trainyard.Integration.Support;
using Xunit;

namespace Trainyard.Integration.Textbook;

/// <summary>A file that changes under way is never delivered as whole.</summary>
public sealed class ChangingFileTests
{
    [Theory]
    [InlineData("copy", "shrink")]
    [InlineData("mmap", "shrink")]
    [InlineData("sendfile", "shrink")]
    [InlineData("splice", "shrink")]
    [InlineData("copy", "rewrite")]
    [InlineData("mmap", "rewrite")]
    [InlineData("sendfile", "rewrite")]
    [InlineData("splice", "rewrite")]
    public async Task Never_as_whole(string send, string change)
    {
        using var directory = new TemporaryDirectory();
        var cargo = Cargo.Create(directory, "cargo", 20_000_000);
        await using var server = await RunningServer.StartAsync(1, "whole", cargo, "--send", send);
        using var slow = await SlowPeer.BeginAsync(server, directory["got"]);
        using (var file = File.OpenHandle(cargo, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            if (change == "shrink")
                RandomAccess.SetLength(file, 8_000_001);
            else
                RandomAccess.Write(file, "another content"u8, 19_000_000);
        }
        var end = await slow.HurryAsync();
        Assert.True(end.Code == 3, $"exit code {end.Code}: {end.Output}{end.Error}");
        var now = await server.FetchAsync(directory.Sub("target"), "whole");
        Assert.True(now.Code == 0, now.Error);
        Assert.True(Cargo.Same(cargo, directory["target/cargo"]));
    }

    [Fact]
    public async Task A_replaced_file_is_served_and_a_removed_one_refused()
    {
        using var directory = new TemporaryDirectory();
        var cargo = Cargo.Create(directory, "cargo", 10_000);
        await using var server = await RunningServer.StartAsync(1, "sized", cargo);
        Assert.Equal(0, (await server.FetchAsync(directory.Sub("first"), "sized")).Code);
        File.Move(Cargo.Create(directory, "next", 20_000), cargo, overwrite: true);
        Assert.Equal(0, (await server.FetchAsync(directory.Sub("second"), "sized")).Code);
        Assert.True(Cargo.Same(cargo, directory["second/cargo"]));
        File.Delete(cargo);
        Assert.Equal(5, (await server.FetchAsync(directory.Sub("third"), "sized")).Code);
        Assert.Empty(Cargo.Everything(directory["third"]));
    }
}
