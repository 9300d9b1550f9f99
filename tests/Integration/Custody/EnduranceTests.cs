using System.Net.Sockets;
using Trainyard.Core.Protocol;
using Trainyard.Integration.Native;
using Trainyard.Integration.Support;
using Trainyard.Integration.Transfer;
using Trainyard.Shell.Linux;
using Xunit;

namespace Trainyard.Integration.Custody;

/// <summary>The same for a long time, only with TRAINYARD_LONG=1: a thousand kills, a hundred upgrades.</summary>
public sealed class EnduranceTests(ITestOutputHelper output)
{
    private const int Kills = 1000;
    private const int Upgrades = 100;
    private const int Transfers = 50;
    private const long Size = (1L << 30) + 12_345;

    [Fact]
    public async Task A_thousand_kills_while_eight_clients_download()
    {
        Assert.SkipUnless(LongRun.Is, "with TRAINYARD_LONG=1");
        using var directory = new TemporaryDirectory();
        var cargo = Path.Combine(directory.Sub("root"), "cargo");
        var expected = Contents.Create(cargo, Size, seed: 5);
        // The client in Python asks for SHA-256, of which each worker has to begin anew: what takes longer than a worker lives here would never end.
        var brief = Contents.Create(Path.Combine(directory["root"], "brief"), Size / 32, seed: 6);
        await using var native = await Served.StartAsync(directory["root"], "--processes", "3");
        await using var textbook = await RunningServer.StartAsync(3, "sized", cargo, "--slots", "4");
        var (kills, downloads) = (0, new int[2]);
        var killing = Task.Run(async () =>
        {
            while (Volatile.Read(ref kills) < Kills)
            {
                await Task.Delay(Random.Shared.Next(50, 100));
                // Where none is up yet, to kill more would show nothing but that nobody serves.
                var server = kills % 2 == 0 ? native : textbook;
                if (!server.Status().GetProperty("workers").EnumerateArray().Any(static one => one.GetProperty("state").GetString() is "ready" or "busy"))
                    continue;
                var workers = server.Workers();
                RunningServer.Kill(workers[Random.Shared.Next(workers.Count)].Pid, Signal.Kill);
                Interlocked.Increment(ref kills);
            }
        }, TestContext.Current.CancellationToken);
        await Task.WhenAll(
        [
            killing,
            .. Enumerable.Range(0, 3).Select(_ => RepeatAsync(0, NativeAsync)), RepeatAsync(0, () => ProgramAsync("python")),
            .. Enumerable.Range(0, 3).Select(_ => RepeatAsync(1, PlainAsync)), RepeatAsync(1, () => ProgramAsync("c")),
        ]);
        output.WriteLine($"{kills} kills, {downloads[0]} native and {downloads[1]} textbook downloads of {Size} bytes");
        await native.HasServedAsync(downloads[0]);
        await textbook.HasServedAsync(downloads[1]);

        async Task RepeatAsync(int kind, Func<Task> download)
        {
            while (Volatile.Read(ref kills) < Kills)
            {
                Interlocked.Increment(ref downloads[kind]);
                await download();
            }
        }

        async Task NativeAsync()
        {
            await using var client = await Served.ConnectAsync(native.Port);
            var result = await client.DownloadAsync("cargo", Stream.Null, null, null, TestContext.Current.CancellationToken);
            Assert.Equal((expected, 0), (result.Digest, result.Reconnects));
        }

        async Task PlainAsync()
        {
            using var client = new TcpClient("127.0.0.1", textbook.Port);
            using var own = File.OpenRead(cargo);
            await CompareAsync(client.GetStream(), own);
        }

        async Task ProgramAsync(string which)
        {
            var end = which == "python"
                ? await Served.RunPythonAsync(native.Port, "get", "brief", directory[which])
                : await Programs.RunAsync(Programs.Peer, "fetch", "127.0.0.1", $"{textbook.Port}", "sized", directory[which], "--max-recv", "65536");
            Assert.True(end.Code == 0, end.Output + end.Error);
            Assert.Equal(which == "python" ? brief : expected, Contents.Digest(directory[which]));
        }
    }

    [Fact]
    public async Task A_hundred_upgrades_while_fifty_transfers_run_and_others_come_and_go()
    {
        Assert.SkipUnless(LongRun.Is, "with TRAINYARD_LONG=1");
        const int bytes = 40_000_000;
        using var directory = new TemporaryDirectory();
        var cargo = await File.ReadAllBytesAsync(Cargo.Create(directory, "cargo", bytes), TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(directory["small"], "small", TestContext.Current.CancellationToken);
        await using var chain = await ServiceChain.StartAsync(
            directory.Path, Programs.Server, ["serve", directory.Path, "--listen", "127.0.0.1:0", "--control", "none", "--processes", "2"]);
        var (isOver, transfers, visits) = (false, 0, 0);
        var running = Enumerable.Range(0, Transfers).Select(_ => Begin(Download)).Concat(Enumerable.Range(0, 4).Select(_ => Begin(Visit))).ToList();
        var master = chain.FirstPid;
        for (var i = 0; i < Upgrades; i++)
        {
            var before = Volatile.Read(ref visits);
            await chain.Until(() => Volatile.Read(ref visits) > before + 20 || running.Exists(static task => task.IsFaulted), "nobody is served");
            var old = RunningServer.ChildrenOf(master).Select(static worker => worker.Pid).Append(master).ToList();
            master = await chain.UpgradeAsync(master);
            await chain.Until(() => old.TrueForAll(static pid => !RunningServer.IsAlive(pid)), "somebody of the old server stays");
        }
        Volatile.Write(ref isOver, true);
        await Task.WhenAll(running);
        output.WriteLine($"{transfers} transfers, {visits} short sessions");
        Assert.DoesNotContain(" closed: ", await chain.EndAsync(), StringComparison.Ordinal);

        Task Begin(Action<RawSession> work) => Task.Factory.StartNew(
            () =>
            {
                while (!Volatile.Read(ref isOver))
                    using (var session = RawSession.Open(chain.Port))
                        work(session);
            }, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

        // Some seconds each, so that several upgrades fall into it.
        void Download(RawSession session)
        {
            session.Say(new Message.Get(RawSession.PathOf("cargo"), default, default, null));
            Assert.IsType<Message.Meta>(session.Read());
            var at = 0;
            for (; session.Read() is byte[] piece; at += piece.Length)
            {
                Assert.True(cargo.AsSpan(at, piece.Length).SequenceEqual(piece), $"other bytes behind {at}");
                if (!Volatile.Read(ref isOver))
                    Thread.Sleep(100);
            }
            Assert.Equal(bytes, at);
            Interlocked.Increment(ref transfers);
        }

        void Visit(RawSession session)
        {
            session.Say(new Message.Get(RawSession.PathOf("small"), default, default, null));
            Assert.IsType<Message.Meta>(session.Read());
            Assert.Equal("small"u8, (byte[])session.Read()!);
            Assert.IsType<Message.Fin>(session.Read());
            Interlocked.Increment(ref visits);
        }
    }

    /// <summary>The stream of the dialect: name, size, then trains of at most 1000 bytes and the zero train.</summary>
    private static async Task CompareAsync(NetworkStream stream, FileStream file)
    {
        var (buffered, train, own) = (new BufferedStream(stream, 1 << 20), new byte[1000], new byte[1000]);
        Assert.Equal("cargo"u8.ToArray(), (await ReadTrainAsync(buffered, train)).ToArray());
        Assert.Equal(Size, BitConverter.ToInt64((await ReadTrainAsync(buffered, train)).Span));
        while (await ReadTrainAsync(buffered, train) is { IsEmpty: false } piece)
        {
            file.ReadExactly(own.AsSpan(0, piece.Length));
            Assert.True(own.AsSpan(0, piece.Length).SequenceEqual(piece.Span), $"other bytes before {file.Position}");
        }
        Assert.Equal(Size, file.Position);
        Assert.Equal(-1, buffered.ReadByte());
    }

    private static async Task<ReadOnlyMemory<byte>> ReadTrainAsync(BufferedStream stream, byte[] train)
    {
        var header = new byte[4];
        await stream.ReadExactlyAsync(header);
        var length = BitConverter.ToInt32(header);
        await stream.ReadExactlyAsync(train.AsMemory(0, length));
        return train.AsMemory(0, length);
    }
}
