using System.Runtime.InteropServices;

namespace Trainyard.Shell.Linux;

/// <summary>Turns signals into a readable descriptor, so that a loop meets them where it meets everything else.</summary>
/// <remarks>
/// While this object lives, the signals it was made for do nothing else to the process. A handler only queues. signalfd(2) is no
/// alternative here: threads of the runtime that do not block the signal would take it.
/// </remarks>
internal sealed class SignalEvents : IDisposable
{
    private readonly Lock _gate = new();
    private readonly List<Signal> _arrived = [];
    private readonly List<PosixSignalRegistration> _registrations = [];
    private readonly EventDescriptor _ready = Libc.CreateEvent();
    private bool _isDisposed;

    /// <summary>Begins to catch signals.</summary>
    /// <param name="signals">
    /// Which; not <see cref="Signal.Kill"/>, <see cref="Signal.Stop"/> and the faults, which nobody can catch, and not 32 to 34, which the
    /// C library and the runtime use themselves.
    /// </param>
    /// <exception cref="IOException">One of them cannot be caught.</exception>
    internal SignalEvents(params ReadOnlySpan<Signal> signals)
    {
        try
        {
            foreach (var signal in signals)
                _registrations.Add(PosixSignalRegistration.Create((PosixSignal)signal, context => Queue(signal, context)));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Readable while <see cref="Take"/> has something to give.</summary>
    internal EventDescriptor Ready => _ready;

    /// <summary>Takes the signals that have arrived since the last time, oldest first.</summary>
    /// <returns>
    /// One entry a delivery, empty when there is none. The kernel merges equal signals that come before the first of them is delivered,
    /// and different ones that come within microseconds may change places, since the runtime handles them on different threads.
    /// </returns>
    internal Signal[] Take()
    {
        // Drained before the list is read: a signal that comes between the two makes the descriptor readable again.
        Libc.DrainEvent(_ready);
        lock (_gate)
        {
            Signal[] taken = [.. _arrived];
            _arrived.Clear();
            return taken;
        }
    }

    /// <summary>Stops catching: the signals do what they did before, and so does one that the runtime is about to hand over.</summary>
    /// <remarks>So the process ends if such a one ends processes: dispose when no signal is expected, or at the very end.</remarks>
    public void Dispose()
    {
        foreach (var registration in _registrations)
            registration.Dispose();
        lock (_gate)
        {
            _isDisposed = true;
            _ready.Dispose();
        }
    }

    private void Queue(Signal signal, PosixSignalContext context)
    {
        context.Cancel = true;
        lock (_gate)
        {
            // A handler may still be on its way when its registration ends.
            if (_isDisposed)
                return;
            _arrived.Add(signal);
            Libc.SignalEvent(_ready);
        }
    }
}
