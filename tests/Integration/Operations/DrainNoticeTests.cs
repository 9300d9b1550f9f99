using System.Net;
using System.Net.Sockets;
using Trainyard.Core.Pool;
using Trainyard.Shell;
using Xunit;

namespace Trainyard.Integration.Operations;

/// <summary>Connections that stand idle are told when their worker is to leave, and hold nothing up.</summary>
public sealed class DrainNoticeTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_drain_without_limit_ends_at_once_where_connections_are_idle(int threads)
    {
        using var pool = Pool(threads);
        var end = pool.Start();
        using var first = await IdleAsync(pool);
        using var second = await IdleAsync(pool);
        using var third = await IdleAsync(pool);
        pool.Drain();
        Assert.Equal(new ServerReport(PoolEnd.Drained, 3, 0, 0, 0), await end);
        Assert.Equal("drain", await RestAsync(first));
        Assert.Equal("drain", await RestAsync(second));
        Assert.Equal("drain", await RestAsync(third));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_replaced_worker_tells_its_connections_too(int threads)
    {
        using var pool = Pool(threads);
        var end = pool.Start();
        using var idle = await IdleAsync(pool);
        pool.Reload();
        Assert.Equal("drain", await RestAsync(idle));
        using var next = await IdleAsync(pool);
        pool.Drain();
        Assert.Equal(new ServerReport(PoolEnd.Drained, 2, 0, 0, 0), await end);
    }

    private static WorkerPool Pool(int threads) =>
        new(new()
        {
            Service = "misbehaviour",
            Processes = 1,
            Threads = threads,
            DrainPatience = null,
            WorkerProgram = new(Path.Combine(AppContext.BaseDirectory, "misbehaver")),
        });

    private static async Task<TcpClient> IdleAsync(WorkerPool pool)
    {
        var client = new TcpClient();
        await client.ConnectAsync((IPEndPoint)pool.EndPoints[0], TestContext.Current.CancellationToken);
        client.GetStream().WriteByte((byte)'p');
        while (client.GetStream().ReadByte() is not ('\n' or -1))
        {
        }
        return client;
    }

    private static async Task<string> RestAsync(TcpClient client)
    {
        using var reader = new StreamReader(client.GetStream());
        return (await reader.ReadToEndAsync(TestContext.Current.CancellationToken)).TrimEnd();
    }
}
