using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Logging;
using Trainyard.Core.Pool;
using Trainyard.Integration.Support;
using Trainyard.Shell;
using Xunit;

namespace Trainyard.Integration.Operations;

/// <summary>Whoever is not served is told why, whatever he has sent already, and sees the stream end in order.</summary>
public sealed class FarewellTests
{
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "misbehaver");

    [Fact]
    public async Task Too_many_from_an_address()
    {
        await using var pool = new Running(options => options with { Limits = new() { PerAddress = 1 } });
        using var first = await pool.ServedAsync();
        Assert.Equal("TooManyFromAddress", await pool.FarewellAsync());
        Assert.Equal("TooManyFromAddress", await pool.FarewellAsync());
    }

    [Fact]
    public async Task Waited_too_long()
    {
        await using var pool = new Running(options => options with { Slots = 1, MaximumWait = TimeSpan.FromMilliseconds(50) });
        using var first = await pool.ServedAsync();
        Assert.Equal("WaitedTooLong", await pool.FarewellAsync());
    }

    [Fact]
    public async Task Shutting_down()
    {
        await using var pool = new Running(options => options with { Slots = 1, MaximumWait = null });
        using var first = await pool.ServedAsync();
        var farewell = pool.FarewellAsync();
        await Until.HoldsAsync(() => pool.Said("waits for a free worker"), "the second client waits");
        pool.Pool.Drain();
        Assert.Equal("ShuttingDown", await farewell);
    }

    [Fact]
    public async Task Not_taken_by_a_thread_of_the_worker_that_had_taken_it()
    {
        await using var pool = new Running(options => options with { Threads = 2 });
        using var client = new TcpClient();
        await client.ConnectAsync((IPEndPoint)pool.Pool.EndPoints[0], TestContext.Current.CancellationToken);
        client.GetStream().Write("n"u8);
        Assert.Equal("NobodyTookIt", await RestAsync(client));
    }

    [Fact]
    public async Task No_descriptor_left()
    {
        await using var server = await RunningServer.StartProgramAsync("prlimit", "--nofile=150:150", Program, "1", "10000");
        await server.WaitForWorkersAsync(1);
        var clients = new List<TcpClient>();
        try
        {
            Task<string>? said = null;
            for (var i = 0; i < 400; i++)
            {
                clients.Add(new TcpClient("127.0.0.1", server.Port));
                clients[i].GetStream().Write("..."u8);
            }
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
            while (said is null)
            {
                said = clients.FirstOrDefault(client => client.Available > 0) is { } told ? RestAsync(told) : null;
                await Task.Delay(10, limit.Token);
            }
            Assert.Equal("OutOfDescriptors", await said);
        }
        finally
        {
            clients.ForEach(client => client.Dispose());
        }
        await Until.HoldsAsync(() => Directory.EnumerateFileSystemEntries($"/proc/{server.Pid}/fd").Count() < 100, "the server recovers");
    }

    private static async Task<string> RestAsync(TcpClient client)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Until.Patience);
        using var reader = new StreamReader(client.GetStream(), Encoding.ASCII);
        return (await reader.ReadToEndAsync(limit.Token)).TrimEnd();
    }

    /// <summary>A pool of the test's own process, whose workers are those of the misbehaver.</summary>
    private sealed class Running : IAsyncDisposable
    {
        private readonly LineCollector _log = new();
        private readonly Task<ServerReport> _end;

        public Running(Func<WorkerPoolOptions, WorkerPoolOptions> change)
        {
            Pool = new(change(new()
            {
                Service = "misbehaviour",
                Processes = 1,
                WorkerProgram = new(Program),
                Farewell = reason => Encoding.ASCII.GetBytes($"{reason}\n"),
                Logger = _log,
            }));
            _end = Pool.Start();
        }

        public WorkerPool Pool { get; }

        /// <summary>A client that a worker has. Not before there is a worker: until then everybody waits too long.</summary>
        public async Task<TcpClient> ServedAsync()
        {
            await Until.HoldsAsync(() => Said(" ready, "), "the worker is up");
            var client = new TcpClient();
            await client.ConnectAsync((IPEndPoint)Pool.EndPoints[0], TestContext.Current.CancellationToken);
            client.GetStream().WriteByte((byte)'p');
            await client.GetStream().ReadExactlyAsync(new byte[1], TestContext.Current.CancellationToken);
            return client;
        }

        /// <summary>What a client is told that sends something and is not served.</summary>
        public async Task<string> FarewellAsync()
        {
            using var client = new TcpClient();
            await client.ConnectAsync((IPEndPoint)Pool.EndPoints[0], TestContext.Current.CancellationToken);
            client.GetStream().Write("hello"u8);
            return await RestAsync(client);
        }

        public bool Said(string words) => _log.Lines().Any(line => line.Contains(words, StringComparison.Ordinal));

        public async ValueTask DisposeAsync()
        {
            Pool.Drain();
            Assert.Equal(PoolEnd.Drained, (await _end).End);
            Pool.Dispose();
        }
    }

    private sealed class LineCollector : ILogger
    {
        private readonly List<string> _lines = [];

        public IReadOnlyList<string> Lines()
        {
            lock (_lines)
                return [.. _lines];
        }

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (_lines)
                _lines.Add(formatter(state, exception));
        }
    }
}
