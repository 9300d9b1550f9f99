using System.Net.Sockets;
using Trainyard.Core.Framing;
using Trainyard.Core.Protocol;
using Trainyard.Integration.Support;
using Xunit;

namespace Trainyard.Integration.Native;

/// <summary>Whatever bytes come, the server goes on: no worker dies, no slot is lost, no descriptor left.</summary>
public sealed class MutatedStreamTests
{
    [Fact]
    public async Task No_stream_of_bytes_harms_the_server()
    {
        using var directory = new TemporaryDirectory();
        Cargo.Create(directory, "cargo", 100_000);
        // As few slots as there can be: one that is lost would stop the test.
        await using var server = await RawSession.ServeAsync(
            directory.Path, "--processes", "2", "--slots", "2", "--request-limit", "200ms", "--idle", "200ms", "--per-address", "none");
        await server.WaitForWorkersAsync(2);
        var workers = server.Workers().Select(static worker => worker.Pid).Order().ToArray();
        await Parallel.ForEachAsync(
            Enumerable.Range(0, LongRun.Or(100_000, 2_000)),
            new ParallelOptions { MaxDegreeOfParallelism = 3, CancellationToken = TestContext.Current.CancellationToken },
            (seed, _) =>
            {
                Abuse(server.Port, new Random(seed));
                return ValueTask.CompletedTask;
            });
        Assert.Equal(workers, server.Workers().Select(static worker => worker.Pid).Order());
        for (var i = 0; i < 4; i++)
        {
            using var good = RawSession.Open(server.Port);
            good.Say(new Message.Get(RawSession.PathOf("cargo"), default, default, null));
            Assert.IsType<Message.Meta>(good.Read());
        }
        foreach (var pid in workers)
            await Until.HoldsAsync(() => Connections(pid) <= 1, () => $"worker {pid} still has {Connections(pid)} connections");
    }

    /// <summary>Sockets of a worker, without its lane; and files of the tree, without its root.</summary>
    private static int Connections(int pid) =>
        new DirectoryInfo($"/proc/{pid}/fd").GetFileSystemInfos()
            .Count(static entry => entry.LinkTarget is { } target && (target.StartsWith("socket:", StringComparison.Ordinal) || target.Contains("/cargo", StringComparison.Ordinal))) - 2;

    private static void Abuse(int port, Random random)
    {
        using var session = RawSession.Connect(port);
        try
        {
            session.Send(Stream(random));
            if (random.Next(2) == 0)
                session.Socket.Shutdown(SocketShutdown.Send);
            if (random.Next(3) > 0)
                session.Socket.Receive(new byte[random.Next(1, 5000)]);
        }
        catch (SocketException)
        {
            // Cut by the server, which is its right.
        }
    }

    private static byte[] Stream(Random random)
    {
        if (random.Next(4) == 0)
        {
            var noise = new byte[random.Next(1, 300)];
            random.NextBytes(noise);
            return noise;
        }
        var path = RawSession.PathOf("cargo");
        Message[] requests =
        [
            new Message.Get(path, default, default, null), new Message.Stat(path), new Message.List(null, true, null), new Message.Ping(default),
            new Message.Hash(path, default, null, 1000, default),
            new Message.Put(RawSession.PathOf("x"), 10, null, null, default, default, false, null, Eager: random.Next(2) == 0),
            new Message.Move(RawSession.PathOf("x"), RawSession.PathOf("y"), false, default), new Message.Fin(10, default), new Message.Status(),
        ];
        List<byte> stream = [.. RawSession.Train(RawSession.Hello)];
        for (var i = random.Next(1, 6); i > 0; i--)
        {
            stream.AddRange(RawSession.Train(requests[random.Next(requests.Length)]));
            if (random.Next(3) == 0)
                stream.AddRange([(byte)random.Next(12), 0, 0, (byte)TrainKind.Data, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
        }
        for (var i = random.Next(3); i > 0; i--)
            stream[random.Next(stream.Count)] ^= (byte)(1 << random.Next(8));
        return [.. stream.Take(random.Next(3) == 0 ? random.Next(1, stream.Count) : stream.Count)];
    }
}
