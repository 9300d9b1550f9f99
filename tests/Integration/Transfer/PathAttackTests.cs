using System.Diagnostics;
using System.Net;
using System.Text;
using Trainyard.Core.Protocol;
using Trainyard.Integration.Native;
using Trainyard.Integration.Support;
using Trainyard.Shell;
using Trainyard.Shell.Linux;
using Xunit;

namespace Trainyard.Integration.Transfer;

/// <summary>Whatever path a peer sends, and whatever becomes of the tree meanwhile: nothing outside the root is read or written.</summary>
public sealed class PathAttackTests : IDisposable
{
    // What no client of ours would send.
    private static readonly string[] BadPaths = [
        "..", "../outside/secret", "sub/../../outside/secret", "sub/..", ".", "./sub", "sub/./file", "/etc/passwd", "//etc/passwd", "sub//file", "sub/",
        "sub\0file", "\0", "sub/file\0.txt", new string('x', 256), "sub/" + new string('x', 300), string.Concat(Enumerable.Repeat("/..", 1000)),
        "/proc/self/environ", "/proc/self/root/etc/passwd",
    ];

    private readonly TemporaryDirectory _directory = new();

    public PathAttackTests()
    {
        Directory.CreateDirectory(_directory["root/sub"]);
        Directory.CreateDirectory(_directory["outside"]);
        File.WriteAllText(_directory["outside/secret"], "secret");
        File.WriteAllText(_directory["outside/hidden"], "hidden");
        File.WriteAllText(_directory["root/sub/file"], "file");
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_path_that_is_none_is_refused_in_every_request()
    {
        await using var server = await RawSession.ServeAsync(_directory["root"], "--processes", "1");
        foreach (var path in BadPaths)
            IsRefused(server.Port, path);
        Untouched();
        Assert.Equal("file", File.ReadAllText(_directory["root/sub/file"]));
        Assert.Equal(["file"], Directory.GetFileSystemEntries(_directory["root/sub"]).Select(Path.GetFileName));
    }

    [Fact]
    public async Task A_directory_that_turns_into_a_link_and_back_all_the_time_never_leads_out()
    {
        Directory.CreateDirectory(_directory["root/inside"]);
        File.WriteAllText(_directory["root/inside/secret"], "public");
        await using var server = await RawSession.ServeAsync(_directory["root"], "--processes", "1");
        await using var client = await TrainyardClient.ConnectAsync(
            TrainAddress.Of(new(IPAddress.Loopback, server.Port)), new() { StateDirectory = _directory["state"], Retries = 0 }, Stop);
        using var stop = new CancellationTokenSource();
        var swapper = new Thread(() => Swap(stop.Token));
        swapper.Start();
        var (read, refused) = (0, 0);
        try
        {
            for (var since = Stopwatch.StartNew(); since.Elapsed < TimeSpan.FromSeconds(LongRun.Or(10, 1)) || read == 0 || refused == 0;)
            {
                try
                {
                    using var got = new MemoryStream();
                    await client.DownloadAsync("door/secret", got, cancellationToken: Stop);
                    Assert.Equal("public", Encoding.UTF8.GetString(got.ToArray()));
                    read++;
                    using var sent = new MemoryStream([1]);
                    await client.UploadAsync(sent, "door/up", cancellationToken: Stop);
                    await client.MakeDirectoryAsync("door/made", cancellationToken: Stop);
                    await client.MoveAsync("door/up", "door/moved", cancellationToken: Stop);
                    await client.RemoveAsync("door/made", cancellationToken: Stop);
                    await foreach (var entry in client.ListAsync("door", recursive: true, Stop))
                        Assert.NotEqual("door/hidden", entry.Path.Display);
                }
                catch (TransferException)
                {
                    refused++;
                }
            }
        }
        finally
        {
            stop.Cancel();
            swapper.Join();
        }
        Untouched();
    }

    /// <inheritdoc/>
    public void Dispose() => _directory.Dispose();

    private static void IsRefused(int port, string path)
    {
        var bad = Encoding.UTF8.GetBytes(path);
        // One of the same length that may be encoded, to be overwritten in the train.
        var good = bad.Select(static (_, i) => (byte)(i % 100 == 50 ? '/' : 'p')).ToArray();
        var stand = RawSession.PathOf(Encoding.ASCII.GetString(good));
        var fine = RawSession.PathOf("sub/file");
        foreach (var request in (Message[])[
            new Message.Get(stand, default, default, null), new Message.Stat(stand), new Message.List(stand, true, null), new Message.List(null, true, stand),
            new Message.Hash(stand, default, null, 0, default), new Message.MakeDirectory(stand, null, true), new Message.Move(stand, fine, false, default),
            new Message.Move(fine, stand, false, default), new Message.Remove(stand, default), new Message.MakeLink(stand, new("x"u8), null, false),
            new Message.SetAttributes(stand, 0, 0), new Message.Put(stand, 0, null, null, default, default, false, null, Eager: false)])
        {
            using var session = RawSession.Open(port);
            var train = RawSession.Train(request);
            bad.CopyTo(train.AsSpan(train.AsSpan().IndexOf(good)));
            Checksum.Seal(train);
            session.Send(train);
            Assert.True(session.ReadFailure().Code is ErrorCode.Usage or ErrorCode.Protocol, $"{request}: {path}");
        }
    }

    private void Swap(CancellationToken stop)
    {
        using var root = Libc.Open(FileDescriptor.WorkingDirectory, Encoding.UTF8.GetBytes(_directory["root"]), OpenFlags.Directory).OrThrow("openat");
        for (var round = 0; !stop.IsCancellationRequested; round++)
        {
            Libc.MakeSymbolicLink(round % 2 == 0 ? "../outside"u8 : "inside"u8, root, "next"u8);
            Libc.Rename(root, "next"u8, root, "door"u8);
        }
    }

    private void Untouched()
    {
        Assert.Equal(["hidden", "secret"], Directory.GetFileSystemEntries(_directory["outside"]).Select(Path.GetFileName).Order());
        Assert.Equal("secret", File.ReadAllText(_directory["outside/secret"]));
    }
}
