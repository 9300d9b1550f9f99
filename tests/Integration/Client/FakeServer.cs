using System.IO.Hashing;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Trainyard.Core.Protocol;
using Trainyard.Shell;

namespace Trainyard.Integration.Client;

/// <summary>A server in this process that keeps files in memory, speaks by Core's own rules, and misbehaves where a test says so.</summary>
internal sealed partial class FakeServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accepting;
    private readonly List<Task> _serving = [];
    private int _identities;

    public FakeServer()
    {
        _listener.Start();
        _accepting = Task.Run(AcceptAsync);
    }

    /// <summary>Where it is.</summary>
    public TrainAddress Address => TrainAddress.Of((IPEndPoint)_listener.LocalEndpoint);

    /// <summary>What it has, by path.</summary>
    public SortedDictionary<string, Stored> Files { get; } = new(StringComparer.Ordinal);

    /// <summary>Unfinished uploads by token.</summary>
    public Dictionary<string, byte[]> Partials { get; } = [];

    /// <summary>Requests that came, in order.</summary>
    public List<Message> Requests { get; } = [];

    /// <summary>How many connections were made.</summary>
    public int Connections { get; private set; }

    /// <summary>For each connection in turn: after how many bytes sent or received it breaks.</summary>
    public Queue<long> BreakAfter { get; } = new();

    /// <summary>For each connection in turn: which byte sent, from 0, gets a bit flipped.</summary>
    public Queue<long> FlipAt { get; } = new();

    /// <summary>What to answer instead of serving; asked for each request.</summary>
    public Func<Message, Failure?> Refuse { get; set; } = static _ => null;

    /// <summary>What to do after a request was read and before it is answered.</summary>
    public Action<Message> Before { get; set; } = static _ => { };

    /// <summary>How long data trains are.</summary>
    public int TrainSize { get; set; } = 256 * 1024;

    /// <summary>Puts a file there.</summary>
    public Stored Add(string path, byte[] content)
    {
        lock (Files)
            return Files[path] = new(content, 1_700_000_000_123_456_789, 0x1A4, new(BitConverter.GetBytes(++_identities)));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        await Task.WhenAll(_serving);
        _stop.Dispose();
        _listener.Dispose();
    }

    public static byte[] Digest(HashAlgorithm algorithm, ReadOnlySpan<byte> bytes) =>
        algorithm == HashAlgorithm.Sha256 ? System.Security.Cryptography.SHA256.HashData(bytes) : XxHash128.Hash(bytes);

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var socket = await _listener.AcceptSocketAsync(_stop.Token);
                lock (Files)
                {
                    Connections++;
                    var wire = new FakeWire(
                        socket,
                        BreakAfter.TryDequeue(out var left) ? left : long.MaxValue,
                        FlipAt.TryDequeue(out var at) ? at : -1);
                    _serving.Add(Task.Run(() => ServeAsync(wire)));
                }
            }
            catch (Exception failure) when (failure is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task ServeAsync(FakeWire wire)
    {
        using (wire)
        using (_stop.Token.Register(wire.Dispose))
        {
            try
            {
                await new FakeSession(this, wire).RunAsync();
            }
            catch (Exception failure) when (failure is SocketException or EndOfStreamException or ObjectDisposedException or IOException)
            {
                // The connection is over, as the test or the client wanted.
            }
        }
    }

    /// <summary>A file it has.</summary>
    public sealed record Stored(byte[] Content, long Modified, int Mode, Opaque Identity, EntryKind Kind = EntryKind.File, Opaque Target = default)
    {
        /// <summary>As it is listed.</summary>
        public Entry Entry(string path) =>
            new(PathOf(path), Kind, Content.Length, Modified, Mode, Kind == EntryKind.File ? Identity : default, Target);
    }

    public static RemotePath PathOf(string path) =>
        RemotePath.Create(Encoding.Latin1.GetBytes(path)).IfLeft(() => throw new FormatException(path));

    public static string NameOf(RemotePath path) => Encoding.Latin1.GetString(path.Span);
}
