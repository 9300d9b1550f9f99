using Trainyard.Core.Lane;
using Trainyard.Shell;
using Trainyard.Shell.Linux;

if (WorkerEntry.RunIfWorker(args, new WorkerService("echo", _ => new EchoService())) is { } status)
    return status;

using var pool = new WorkerPool(new() { Service = "echo", Processes = 2 });
Console.WriteLine($"echoing on {pool.EndPoints[0]}; Ctrl-C stops, SIGTERM drains");
return pool.Run(handleSignals: true).Aborted == 0 ? 0 : 1;

internal sealed class EchoService : IConnectionService
{
    public IConnectionDriver Open(Descriptor socket, DateTimeOffset now) => new Echo(socket, now);
}

internal sealed class Echo(Descriptor socket, DateTimeOffset began) : IConnectionDriver
{
    private readonly byte[] _buffer = new byte[16 * 1024];
    private int _from, _to;
    private long _echoed, _told;

    public PollEvents Interest => _from < _to ? PollEvents.Writable : PollEvents.Readable;
    public DateTimeOffset? Deadline => null;
    public ConnectionReport Report { get; private set; }

    public DriverTurn Advance(DateTimeOffset now)
    {
        var result = _from < _to ? socket.Send(_buffer.AsSpan(_from, _to - _from)) : socket.Receive(_buffer);
        if (result.WouldBlock)
            return DriverTurn.Blocked;
        if (!result.IsOk || result.Count == 0)
        {
            socket.Shutdown(SocketDirection.Both); // closing alone would not reach the peer: the master holds a duplicate
            Report = new(result.IsOk ? ConnectionEnd.Completed : ConnectionEnd.PeerGone, (int)result.Error, _echoed, _echoed, now - began);
            return DriverTurn.Ended;
        }
        if (_from < _to)
            (_from, _echoed) = (_from + (int)result.Count, _echoed + result.Count);
        else
            (_from, _to) = (0, (int)result.Count);
        return DriverTurn.Yielded;
    }

    public ulong TakeProgress() => (ulong)(_echoed - _told) is var fresh && (_told = _echoed) >= 0 ? fresh : 0;
    public void Dispose() => socket.Dispose();
}
