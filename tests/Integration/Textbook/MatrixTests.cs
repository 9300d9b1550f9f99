using System.Net;
using Trainyard.Core.Textbook;
using Trainyard.Integration.Support;
using Trainyard.Shell;
using Xunit;

namespace Trainyard.Integration.Textbook;

/// <summary>Every dialect by every way of sending and receiving delivers exactly the file.</summary>
public sealed class MatrixTests
{
    private static readonly string[] Ways = ["copy", "mmap", "splice"];

    [Theory]
    [CombinatorialNames("trains", "sized", "whole", "copy", "mmap", "sendfile", "splice")]
    public async Task Every_way_of_receiving_gets_the_file(string dialect, string send)
    {
        using var directory = new TemporaryDirectory();
        var cargo = Cargo.Create(directory, "货物 with spaces.bin", 8 * 1024 * 1024 + 12_345);
        await using var server = await RunningServer.StartAsync(2, dialect, cargo, "--send", send);
        foreach (var receive in Ways)
        {
            var target = directory.Sub(receive);
            var fetched = await server.FetchAsync(target, dialect, "--receive", receive);
            Assert.True(fetched.Code == 0, $"{receive}: {fetched.Error}");
            Assert.Equal(Cargo.Md5Line(Path.Combine(target, Path.GetFileName(cargo))) + "\n", fetched.Output);
            Assert.Equal("", fetched.Error);
            Assert.True(Cargo.Same(cargo, Path.Combine(target, Path.GetFileName(cargo))));
            Assert.Single(Cargo.Everything(target));
        }
    }

    [Theory]
    [CombinatorialNames("trains", "sized", "whole", "copy", "mmap", "sendfile", "splice")]
    public async Task Sizes_at_the_borders_of_a_car(string dialect, string send)
    {
        using var directory = new TemporaryDirectory();
        var cargo = Cargo.Create(directory, "cargo", 0);
        await using var server = await RunningServer.StartAsync(1, dialect, cargo, "--send", send);
        foreach (var bytes in (int[])[0, 1, 999, 1000, 1001, 65_536])
        {
            File.Move(Cargo.Create(directory, "next", bytes), cargo, overwrite: true);
            foreach (var receive in Enum.GetValues<ReceiveStrategy>())
            {
                var target = directory.Sub($"{bytes}-{receive}");
                await TextbookClient.DownloadAsync(
                    new() { Server = new(IPAddress.Loopback, server.Port), Dialect = Enum.Parse<Dialect>(dialect, ignoreCase: true), Directory = target, Receive = receive },
                    cancellationToken: TestContext.Current.CancellationToken);
                Assert.True(Cargo.Same(cargo, Path.Combine(target, "cargo")), $"{bytes} bytes, {receive}");
            }
        }
    }

    [Theory]
    [InlineData("whole", "splice")]
    [InlineData("sized", "copy")]
    public async Task Files_past_four_GiB(string dialect, string receive)
    {
        Assert.SkipUnless(dialect == "whole" || LongRun.Is, "with TRAINYARD_LONG=1");
        using var directory = new TemporaryDirectory();
        var cargo = directory["sparse"];
        const long Size = (1L << 32) + 1_000_003;
        long[] marks = [0, int.MaxValue - 3L, (1L << 32) - 3, Size - 7];
        using (var file = File.OpenHandle(cargo, FileMode.CreateNew, FileAccess.ReadWrite))
        {
            RandomAccess.SetLength(file, Size);
            foreach (var mark in marks)
                RandomAccess.Write(file, "border"u8, mark);
        }
        await using var server = await RunningServer.StartAsync(1, dialect, cargo);
        var fetched = await server.FetchAsync(directory.Sub("target"), dialect, "--receive", receive, "--hash", "none");
        Assert.True(fetched.Code == 0, fetched.Error);
        using var got = File.OpenHandle(directory["target/sparse"]);
        Assert.Equal(Size, RandomAccess.GetLength(got));
        var bytes = new byte[6];
        foreach (var mark in marks)
        {
            Assert.Equal(6, RandomAccess.Read(got, bytes, mark));
            Assert.Equal("border"u8, bytes);
        }
    }

    [Fact]
    public async Task A_large_file_has_the_digest_that_md5sum_prints()
    {
        using var directory = new TemporaryDirectory();
        var cargo = directory["cargo"];
        using (var file = File.OpenHandle(cargo, FileMode.CreateNew, FileAccess.Write))
        {
            var block = new byte[1 << 20];
            // A GiB with TRAINYARD_LONG=1.
            for (var at = 0L; at < LongRun.Or(1L << 30, 1L << 28); at += block.Length)
            {
                Random.Shared.NextBytes(block);
                RandomAccess.Write(file, block, at);
            }
        }
        var expected = CCompiler.Run("md5sum", cargo).Output[..32];
        await using var server = await RunningServer.StartAsync(4, "trains", cargo);
        var fetched = await server.FetchAsync(directory.Sub("target"), "trains");
        Assert.True(fetched.Code == 0, fetched.Error);
        Assert.Equal(expected, fetched.Output[..32]);
        Assert.Equal(expected, CCompiler.Run("md5sum", directory["target/cargo"]).Output[..32]);
    }
}
