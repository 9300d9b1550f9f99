using Trainyard.Core.Lane;
using Trainyard.Shell;
using Trainyard.Shell.Linux;
using Trainyard.Shell.Worker;

namespace Trainyard.Misbehaver;

/// <summary>Serves files as the server does, but computes for ever when its client begins with an s.</summary>
internal sealed class SpinningDriver(IConnectionDriver files, Descriptor socket) : IConnectionDriver, IHandsOver
{
    private bool _hasBegun;

    public PollEvents Interest => files.Interest;

    public DateTimeOffset? Deadline => files.Deadline;

    public ConnectionReport Report => files.Report;

    public bool CanStop => ((IHandsOver)files).CanStop;

    public DateTimeOffset? IdleSince => ((IHandsOver)files).IdleSince;

    public DateTimeOffset? IdleUntil => ((IHandsOver)files).IdleUntil;

    public bool TryStop() => ((IHandsOver)files).TryStop();

    public ulong TakeProgress() => files.TakeProgress();

    public void BeginDrain() => files.BeginDrain();

    public DriverTurn Advance(DateTimeOffset now)
    {
        // Not again where that could be a byte of something else.
        Span<byte> first = stackalloc byte[1];
        if (!_hasBegun && Libc.Receive(socket, first, MessageFlags.Peek) is { IsOk: true, Count: 1 })
        {
            _hasBegun = true;
            while (first[0] == 's' && Environment.TickCount64 > 0)
                Thread.SpinWait(100);
        }
        return files.Advance(now);
    }

    public void Dispose() => files.Dispose();
}
