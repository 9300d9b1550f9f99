using Trainyard.Core.Lane;
using Trainyard.Core.Pool;
using Trainyard.Shell.Diagnostics;
using Trainyard.Shell.Linux;
using Trainyard.Shell.Serving;

namespace Trainyard.Shell.Worker;

/// <summary>A connection that a worker holds: its name, its driver, and what it is waiting for.</summary>
/// <remarks>A driver that throws has a fault, and it is its own: the connection ends as <see cref="ConnectionEnd.Faulted"/>, its worker goes on.</remarks>
internal sealed class ServedConnection(ConnectionId id, int slot, Descriptor socket) : IDisposable
{
    // Going back and forth costs more than a slot that is idle for a moment, unless it is the last one.
    private static readonly TimeSpan Usually = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan AmongMany = TimeSpan.FromMilliseconds(5);

    private IConnectionDriver? _driver;
    private PollEvents? _waiting;
    private bool _faulted;
    private bool _drains;

    /// <summary>The master's name for it.</summary>
    public ConnectionId Id { get; } = id;

    /// <summary>Whether it is in the queue of those that can go on.</summary>
    public bool IsRunnable { get; set; }

    /// <summary>Whether the kernel has said, in the round that its next turn belongs to, that bytes have come.</summary>
    public bool IsReported { get; set; }

    /// <summary>When <see cref="DeadlineQueue"/> looks at it; <c>null</c> where it does not.</summary>
    public DateTimeOffset? LookedAt { get; set; }

    /// <summary>When it is to be advanced at the latest; <c>null</c> is never.</summary>
    public DateTimeOffset? Deadline =>
        Idle?.IdleSince + RestAfter is { } rest && !(_driver!.Deadline < rest) ? rest : _driver?.Deadline;

    /// <summary>Whether its worker has no other slot left, so that the next client has to wait for one.</summary>
    public bool IsAmongMany { get; set; }

    /// <summary>Whether another worker can go on with it. Of one that was not looked at yet anybody can begin.</summary>
    public bool CanStop => _driver is null or IHandsOver { CanStop: true };

    /// <summary>What it sends, where its driver can say that.</summary>
    public ITransferring? Transfer => _driver as ITransferring;

    /// <summary>How it ended; meaningful after <see cref="DriverTurn.Ended"/>.</summary>
    public ConnectionReport Report { get; private set; }

    /// <inheritdoc cref="IFetchesAhead.FetchAhead"/>
    public void FetchAhead(int step)
    {
        if (step == 0)
        {
            CacheLines.Fetch(_driver, 640);
            CacheLines.Fetch(socket, 64);
        }
        else
            (_driver as IFetchesAhead)?.FetchAhead(step);
    }

    /// <summary>Gives it its turn; the first one makes its driver.</summary>
    /// <param name="open">Makes the driver.</param>
    /// <param name="drain">Whether it is to end soon, which the driver is told once.</param>
    /// <param name="now">The time.</param>
    public DriverTurn Advance(OpenConnection open, bool drain, DateTimeOffset now)
    {
        try
        {
            _driver ??= open(Id, slot, socket, now);
            if (drain && !_drains)
            {
                _drains = true;
                _driver.BeginDrain();
            }
            if (IsReported)
                (_driver as IReported)?.Reported();
            IsReported = false;
            var turn = _driver.Advance(now);
            if (turn == DriverTurn.Ended)
                Report = _driver.Report;
            return turn;
        }
        catch (Exception e)
        {
            return Fault(e);
        }
    }

    /// <summary>Stops it, so that another worker can go on.</summary>
    /// <returns>Whether it has stopped.</returns>
    public bool TryStop() => !_faulted && (_driver is null || _driver is IHandsOver { CanStop: true } driver && driver.TryStop());

    /// <summary>Whether it has nothing to do, and has had nothing to do for some time, or others wait for its slot.</summary>
    /// <param name="isWanted">Whether others wait.</param>
    /// <param name="now">The time.</param>
    /// <param name="left">How long its next byte may take; <c>null</c> is without limit.</param>
    public bool MayRest(bool isWanted, DateTimeOffset now, out TimeSpan? left)
    {
        left = null;
        if (Idle is not { IdleSince: { } since } driver || !isWanted && since + RestAfter > now)
            return false;
        left = driver.IdleUntil is { } until ? until > now ? until - now : TimeSpan.Zero : null;
        return true;
    }

    /// <summary>Bytes moved since the last call.</summary>
    public ulong TakeProgress() => _faulted || _driver is null ? 0 : _driver.TakeProgress();

    /// <summary>Waits for what the driver is interested in; no system call where that has not changed.</summary>
    public void WaitOn(PollHandle poll)
    {
        if (_driver is not { Interest: var interest } || _waiting == interest)
            return;
        if (_waiting is null)
            poll.Add(socket, interest, (ulong)Id.Value);
        else
            poll.Modify(socket, interest, (ulong)Id.Value);
        _waiting = interest;
    }

    /// <summary>
    /// Takes it out of the poll set. Closing our descriptor would not: the master's duplicate keeps the socket open, and with it the entry
    /// (epoll(7), questions and answers).
    /// </summary>
    public void StopWaiting(PollHandle poll)
    {
        if (_waiting is not null)
            poll.Remove(socket);
        _waiting = null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
            _driver?.Dispose();
        }
        catch (Exception e)
        {
            WorkerLog.ConnectionFaulted(Id, e);
        }
        socket.Dispose();
    }

    private TimeSpan RestAfter => IsAmongMany ? AmongMany : Usually;

    private IHandsOver? Idle => _driver as IHandsOver is { CanStop: true, IdleSince: not null } driver ? driver : null;

    private DriverTurn Fault(Exception e)
    {
        _faulted = true;
        WorkerLog.ConnectionFaulted(Id, e);
        Ending.Abruptly(socket);
        Report = new ConnectionReport(ConnectionEnd.Faulted, 0, 0, 0, TimeSpan.Zero);
        return DriverTurn.Ended;
    }
}
