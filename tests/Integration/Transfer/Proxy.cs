using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Trainyard.Integration.Transfer;

/// <summary>
/// Stands between client and server, counts what passes, and does to it what a test wants done. Every connection has a <see cref="Meddle"/> of its
/// own. Everything passes through one gate, so that while a test's code runs, nothing moves.
/// </summary>
internal sealed class Proxy : IDisposable
{
    /// <summary>As much as one of its threads takes at once.</summary>
    public const int BytesAtOnce = 64 * 1024;

    private readonly Socket _listener = new(SocketType.Stream, ProtocolType.Tcp);
    private readonly int _server;
    private readonly Func<Meddle> _meddle;
    private readonly int? _queue;
    private readonly Thread _acceptor;
    private readonly ConcurrentBag<Thread> _pumps = [];
    private readonly ConcurrentDictionary<Socket, bool> _sockets = [];

    /// <summary>Listens on a port of its own until it is disposed of.</summary>
    /// <param name="server">Port of the server.</param>
    /// <param name="meddle">Asked for each connection.</param>
    /// <param name="queue">About how many bytes the kernel may hold each way between the server and here; <c>null</c> is as many as it likes.</param>
    public Proxy(int server, Func<Meddle> meddle, int? queue = null)
    {
        _server = server;
        _meddle = meddle;
        _queue = queue;
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(64);
        _acceptor = new(Accept);
        _acceptor.Start();
    }

    /// <summary>What is done with bytes before they pass; it may change them.</summary>
    /// <param name="toClient">Where they go.</param>
    /// <param name="bytes">The next bytes of that direction.</param>
    /// <returns>Whether they pass; else the connection ends here.</returns>
    public delegate Course Meddle(bool toClient, Span<byte> bytes);

    /// <summary>What becomes of a connection.</summary>
    public enum Course
    {
        /// <summary>The bytes pass.</summary>
        Pass,

        /// <summary>Half of them pass, then both sides see the end of the stream.</summary>
        Cut,

        /// <summary>None passes, and both sides see a reset.</summary>
        Reset,

        /// <summary>Nothing passes in this direction any more, and nobody is told.</summary>
        Stall,
    }

    /// <summary>Where it listens, on 127.0.0.1.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

    /// <summary>Held while a test's code looks at bytes: meanwhile no others are let through.</summary>
    public Lock Gate { get; } = new();

    /// <inheritdoc/>
    public void Dispose()
    {
        // Wakes the thread that accepts; to close alone would not.
        _listener.Shutdown(SocketShutdown.Both);
        // Whom it has begun to serve is known when it has ended.
        _acceptor.Join();
        foreach (var socket in _sockets.Keys)
            socket.Dispose();
        foreach (var pump in _pumps)
            pump.Join();
        _listener.Dispose();
    }

    private void Start(Action work)
    {
        var thread = new Thread(() => work());
        _pumps.Add(thread);
        thread.Start();
    }

    private void Accept()
    {
        while (true)
        {
            Socket client;
            try
            {
                client = _listener.Accept();
            }
            catch (SocketException)
            {
                return;
            }
            var server = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            client.NoDelay = true;
            if (_queue is { } bytes)
                (server.ReceiveBufferSize, server.SendBufferSize) = (bytes, bytes);
            try
            {
                server.Connect(IPAddress.Loopback, _server);
            }
            catch (SocketException)
            {
                client.Dispose();
                server.Dispose();
                continue;
            }
            _sockets[client] = _sockets[server] = true;
            var meddle = _meddle();
            var ended = 0;
            Start(() => Run(client, server, toClient: false));
            Start(() => Run(server, client, toClient: true));

            void Run(Socket from, Socket to, bool toClient)
            {
                Pump(from, to, toClient, meddle);
                if (Interlocked.Increment(ref ended) == 2)
                    Close(from, to);
            }
        }
    }

    private void Pump(Socket from, Socket to, bool toClient, Meddle meddle)
    {
        var buffer = new byte[BytesAtOnce];
        try
        {
            while (from.Receive(buffer) is > 0 and var count)
            {
                Course course;
                lock (Gate)
                    course = meddle(toClient, buffer.AsSpan(0, count));
                // Not in the gate: a receiver that waits for the other direction would close it for good.
                switch (course)
                {
                    case Course.Pass:
                        Send(to, buffer.AsSpan(0, count));
                        break;
                    case Course.Cut:
                        Send(to, buffer.AsSpan(0, count / 2));
                        from.Shutdown(SocketShutdown.Both);
                        to.Shutdown(SocketShutdown.Both);
                        return;
                    case Course.Reset:
                        from.LingerState = to.LingerState = new(true, 0);
                        Close(from, to);
                        return;
                    case Course.Stall:
                        return;
                }
            }
            to.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // One side is gone; the other one sees it the same way.
            Close(from, to);
        }
    }

    private static void Send(Socket to, ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
            bytes = bytes[to.Send(bytes)..];
    }

    private void Close(Socket from, Socket to)
    {
        foreach (var socket in (Socket[])[from, to])
        {
            _sockets.TryRemove(socket, out _);
            socket.Dispose();
        }
    }
}
