namespace Trainyard.Shell.Client.Native;

/// <summary>A client's sessions that wait for their next call. Thread-safe.</summary>
internal sealed class SessionPool : IDisposable
{
    private const int MostIdle = 64;

    private readonly Lock _lock = new();
    private readonly Stack<NativeSession> _idle = [];
    private readonly TrainAddress _server;
    private readonly DigestAlgorithm _preferred;
    private readonly RateLimit? _limit;
    private bool _isClosed;

    /// <summary>A pool without a session yet.</summary>
    public SessionPool(TrainAddress server, TrainyardClientOptions options)
    {
        _server = server;
        _preferred = options.Digest;
        _limit = options.BytesPerSecond is { } rate ? new RateLimit(rate, TimeProvider.System) : null;
    }

    /// <summary>A session for a call: one that waits, or a new one.</summary>
    /// <exception cref="TransferException">The server cannot be reached, or refuses the session.</exception>
    /// <exception cref="ObjectDisposedException">The client was disposed.</exception>
    public NativeSession Rent(Call call)
    {
        while (TakeIdle() is { } session)
        {
            // Servers end sessions that nobody uses.
            if (session.IsIdle)
            {
                session.Attach(call);
                return session;
            }
            session.Dispose();
        }
        call.Cancellation.ThrowIfCancellationRequested();
        return NativeSession.Open(_server, _preferred.OnTheWire(), _limit, call);
    }

    /// <summary>Takes a session back, or ends it where something is still on its way.</summary>
    public void Return(NativeSession session)
    {
        if (session.IsIdle)
        {
            lock (_lock)
            {
                if (!_isClosed && _idle.Count < MostIdle)
                {
                    _idle.Push(session);
                    return;
                }
            }
        }
        session.Dispose();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock)
        {
            _isClosed = true;
            while (_idle.TryPop(out var session))
                session.Dispose();
        }
    }

    private NativeSession? TakeIdle()
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isClosed, typeof(TrainyardClient));
            return _idle.TryPop(out var session) ? session : null;
        }
    }
}
