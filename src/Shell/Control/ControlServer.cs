using Microsoft.Extensions.Logging;
using Trainyard.Core.Control;
using Trainyard.Core.Pool;
using Trainyard.Shell.Diagnostics;
using Trainyard.Shell.Linux;

namespace Trainyard.Shell.Control;

/// <summary>
/// The control socket's side of a master: takes requests, hands their events to the master's loop, answers when they have led to what was
/// asked. Runs in that loop, never waits, and costs a bounded amount however many connect and whatever they send or leave unread.
/// </summary>
internal sealed class ControlServer : IDisposable
{
    private const int MaximumConnections = 64;
    private const ulong ListenerToken = 0;
    private static readonly TimeSpan IdleLimit = TimeSpan.FromSeconds(10);

    private readonly ControlSocket _socket;
    private readonly StatusCollector _status;
    private readonly TimeSpan? _drainPatience;
    private readonly ILogger _logger;
    private readonly Dictionary<ulong, ControlConnection> _connections = [];
    private readonly List<PendingRequest> _pending = [];
    private readonly Readiness[] _ready = new Readiness[64];
    private PoolState? _state;
    private ulong _number;
    private bool _accepting;

    /// <summary>A server over a listening socket, which it owns.</summary>
    public ControlServer(ControlSocket socket, StatusCollector status, TimeSpan? drainPatience, ILogger logger)
    {
        _socket = socket;
        _status = status;
        _drainPatience = drainPatience;
        _logger = logger;
        ResumeAccepting();
    }

    /// <summary>Readable while there is something to <see cref="Take"/>.</summary>
    public PollHandle Poll { get; } = PollHandle.Create();

    /// <summary>Does what is possible at once: accepts, reads, answers.</summary>
    /// <returns>The events that were asked for.</returns>
    public List<PoolEvent> Take(DateTimeOffset now)
    {
        List<PoolEvent> events = [];
        var count = Poll.Wait(_ready, timeoutMs: 0);
        foreach (var readiness in _ready.AsSpan(0, count))
            if (readiness.Token == ListenerToken)
                Accept(now);
            else if (_connections.TryGetValue(readiness.Token, out var connection) && Handle(connection, readiness.Events, now) is { } ev)
                events.Add(ev);
        return events;
    }

    /// <summary>Takes a sample of the counters and closes what stands still; about once a second.</summary>
    public void Sweep(DateTimeOffset now)
    {
        _status.Sample(now);
        ResumeAccepting();
        foreach (var connection in _connections.Values)
            if ((connection.IsAsking || connection.IsAnswered) && now - connection.Since > IdleLimit)
                Close(connection);
    }

    /// <summary>A step of the pool was taken and its commands are carried out: answers the requests that have been waiting for that.</summary>
    /// <param name="ev">The step's event; <c>null</c> for the pool's start.</param>
    /// <param name="before">The state that it met.</param>
    /// <param name="after">The state that came of it.</param>
    /// <param name="now">The time.</param>
    public void Observe(PoolEvent? ev, PoolState before, PoolState after, DateTimeOffset now)
    {
        _state = after;
        for (var i = _pending.Count - 1; i >= 0; i--)
        {
            var pending = _pending[i];
            if (ReferenceEquals(pending.Event, ev))
                pending.Goal = ControlDecision.GoalOf(pending.Request, before, after);
            if (pending.Goal is not { } goal || AnswerTo(pending, goal, after) is not { } answer)
                continue;
            _pending.RemoveAt(i);
            Answer(pending.Connection, answer, now);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var connection in _connections.Values)
            connection.Dispose();
        _connections.Clear();
        _socket.Dispose();
        Poll.Dispose();
    }

    private void Accept(DateTimeOffset now)
    {
        while (true)
        {
            var accepted = Libc.Accept(_socket.Socket);
            if (accepted.IsOk)
                Welcome(accepted.Socket, now);
            else if (accepted.Error is Errno.ProcessFileLimit or Errno.SystemFileLimit or Errno.NoBufferSpace or Errno.OutOfMemory)
                PauseAccepting();
            if (!accepted.IsOk && accepted.Error != Errno.ConnectionAborted)
                return;
        }
    }

    private void Welcome(SocketDescriptor socket, DateTimeOffset now)
    {
        var (pid, user) = Libc.PeerCredentials(socket);
        if (user != 0 && user != Libc.EffectiveUser)
        {
            MasterLog.ControlStranger(_logger, pid, user);
            socket.Dispose();
            return;
        }
        if (_connections.Count >= MaximumConnections && !MakeRoom())
        {
            socket.Dispose();
            return;
        }
        var connection = new ControlConnection(++_number, socket, now);
        _connections.Add(connection.Number, connection);
        Poll.Add(socket, PollEvents.Readable, connection.Number);
    }

    // Who asks something is never put out for who might.
    private bool MakeRoom()
    {
        ControlConnection? oldest = null;
        foreach (var connection in _connections.Values)
            if ((connection.IsAsking || connection.IsAnswered) && (oldest is null || connection.Number < oldest.Number))
                oldest = connection;
        if (oldest is not null)
            Close(oldest);
        return oldest is not null;
    }

    private PoolEvent? Handle(ControlConnection connection, PollEvents events, DateTimeOffset now)
    {
        if (connection.IsAnswered)
        {
            if (connection.Flush())
                Close(connection);
            return null;
        }
        if (connection.IsAsking)
            return Read(connection, now);
        // Its request is being carried out and goes on; only the answer has nobody to go to.
        if ((events & (PollEvents.HangUp | PollEvents.Error)) != 0)
            Close(connection);
        return null;
    }

    private PoolEvent? Read(ControlConnection connection, DateTimeOffset now)
    {
        switch (connection.Read())
        {
            case ControlReading.Complete:
                return ControlCodec.ReadRequest(connection.Line).MatchUnsafe(
                    Right: asked => Begin(connection, asked.Request, asked.Wait, now),
                    Left: error => Refuse(connection, error, now));
            case ControlReading.Wrong(var error):
                return Refuse(connection, error, now);
            case ControlReading.Gone:
                Close(connection);
                return null;
            default:
                return null;
        }
    }

    private PoolEvent? Begin(ControlConnection connection, ControlRequest request, bool wait, DateTimeOffset now)
    {
        if (ControlDecision.EventOf(request, _drainPatience, now) is not { } ev)
        {
            Answer(connection, new ControlAnswer(ControlProtocol.Version, ControlOutcome.Done, Status: _status.Collect(_state!, now)), now);
            return null;
        }
        MasterLog.ControlAsked(_logger, ControlProtocol.Write(request, wait).Command, Libc.PeerCredentials(connection.Socket).ProcessId);
        _pending.Add(new PendingRequest(connection, request, wait, ev));
        Poll.Modify(connection.Socket, PollEvents.None, connection.Number);
        return ev;
    }

    private PoolEvent? Refuse(ControlConnection connection, ControlError error, DateTimeOffset now)
    {
        Answer(connection, new ControlAnswer(ControlProtocol.Version, ControlOutcome.Refused, ControlErrorText.Sentence(error)), now);
        return null;
    }

    private static ControlAnswer? AnswerTo(PendingRequest pending, PoolGoal goal, PoolState state)
    {
        var certificate = state.Phase is Phase.Stopped { Verdict: var verdict } ? Certificate.Of(verdict) : null;
        return ControlDecision.StatusOf(pending.Request, goal, state) switch
        {
            GoalStatus.Failed(var reason) =>
                new(ControlProtocol.Version, ControlOutcome.Failed, ControlText.Sentence(reason), Certificate: certificate),
            GoalStatus.Reached =>
                new(ControlProtocol.Version, ControlOutcome.Done, Workers: certificate is null ? state.Target : null, Certificate: certificate),
            _ when !pending.Wait => new(ControlProtocol.Version, ControlOutcome.Accepted),
            _ => null,
        };
    }

    private void Answer(ControlConnection connection, ControlAnswer answer, DateTimeOffset now)
    {
        if (!_connections.ContainsKey(connection.Number))
            return;
        connection.Answer(ControlCodec.Line(answer), now);
        if (connection.Flush())
            Close(connection);
        else
            Poll.Modify(connection.Socket, PollEvents.Writable, connection.Number);
    }

    private void Close(ControlConnection connection)
    {
        _connections.Remove(connection.Number);
        Poll.Remove(connection.Socket);
        connection.Dispose();
    }

    // A listener that cannot be accepted from stays ready: out of the set with it until the next sweep.
    private void PauseAccepting()
    {
        if (_accepting)
            Poll.Remove(_socket.Socket);
        _accepting = false;
    }

    private void ResumeAccepting()
    {
        if (!_accepting)
            Poll.Add(_socket.Socket, PollEvents.Readable, ListenerToken);
        _accepting = true;
    }
}
