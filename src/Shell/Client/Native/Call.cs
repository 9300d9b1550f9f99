using System.Diagnostics;
using Trainyard.Shell.Linux;

namespace Trainyard.Shell.Client.Native;

/// <summary>One call of the public API on its way: who cancels it, how long it waits, whom it tells. Thread-safe, but for what it tells.</summary>
internal sealed class Call : IDisposable
{
    private static readonly TimeSpan ProgressInterval = TimeSpan.FromMilliseconds(100);

    private readonly CancellationTokenRegistration _registration;
    private readonly IProgress<TransferProgress>? _progress;
    private readonly Lock _telling = new();
    private long _lastTold;

    /// <summary>A call that begins now.</summary>
    public Call(TrainyardClientOptions options, IProgress<TransferProgress>? progress, CancellationToken cancellation)
    {
        Options = options;
        Cancellation = cancellation;
        _progress = progress;
        Wake = Libc.CreateEvent();
        _registration = cancellation.Register(static wake => Libc.SignalEvent((EventDescriptor)wake!), Wake);
    }

    /// <summary>How the client behaves.</summary>
    public TrainyardClientOptions Options { get; }

    /// <summary>Ends the call.</summary>
    public CancellationToken Cancellation { get; }

    /// <summary>Readable once the call is cancelled.</summary>
    public EventDescriptor Wake { get; }

    /// <summary>When the call began.</summary>
    public long Began { get; } = Stopwatch.GetTimestamp();

    /// <summary>How long it has taken.</summary>
    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(Began);

    /// <summary>Does nothing for a while.</summary>
    /// <exception cref="OperationCanceledException">The call is cancelled.</exception>
    public void Pause(TimeSpan time)
    {
        if (time > TimeSpan.Zero)
            _ = Libc.Poll(Wake, PollEvents.Readable, Milliseconds(time));
        Cancellation.ThrowIfCancellationRequested();
    }

    /// <summary>Tells how far it is: some ten times a second, and at the end.</summary>
    /// <param name="progress">How far; asked only when it is told.</param>
    /// <param name="isEnd">Whether this is the end.</param>
    public void Tell(Func<TransferProgress> progress, bool isEnd = false)
    {
        if (_progress is null || !isEnd && Stopwatch.GetElapsedTime(Volatile.Read(ref _lastTold)) < ProgressInterval)
            return;
        lock (_telling)
        {
            Volatile.Write(ref _lastTold, Stopwatch.GetTimestamp());
            _progress.Report(progress());
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _registration.Dispose();
        Wake.Dispose();
    }

    /// <summary>A time as poll(2) takes it, rounded up; -1 for no limit.</summary>
    internal static int Milliseconds(TimeSpan? time) =>
        time is { } limit ? (int)Math.Clamp(Math.Ceiling(limit.TotalMilliseconds), 0, int.MaxValue) : -1;
}
