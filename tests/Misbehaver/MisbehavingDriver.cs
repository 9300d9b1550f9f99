using System.Globalization;
using System.Text;
using Trainyard.Core.Custody;
using Trainyard.Core.Lane;
using Trainyard.Core.Protocol;
using Trainyard.Shell;
using Trainyard.Shell.Lanes;
using Trainyard.Shell.Linux;

namespace Trainyard.Misbehaver;

/// <summary>Reads one byte at a time and does what it says. When its worker is to leave, it says "drain" and ends as soon as nothing is left to read.</summary>
internal sealed class MisbehavingDriver(Descriptor socket, SlotJournal? journal, DateTimeOffset began) : IConnectionDriver
{
    private ulong _progress;
    private bool _drains;
    private bool _ended;

    public PollEvents Interest => PollEvents.Readable;

    public DateTimeOffset? Deadline => null;

    public ConnectionReport Report { get; private set; }

    public ulong TakeProgress() => Interlocked.Exchange(ref _progress, 0);

    public DriverTurn Advance(DateTimeOffset now)
    {
        Span<byte> one = stackalloc byte[1];
        if (Libc.Receive(socket, one, MessageFlags.Peek).Count == 1)
            Poison((char)one[0]);
        var received = socket.Receive(one);
        if (received.WouldBlock && !_drains)
            return DriverTurn.Blocked;
        if (received.WouldBlock)
            return End("drain\n");
        if (!received.IsOk || received.Count == 0)
        {
            socket.Shutdown(SocketDirection.Both);
            Report = new(received.IsOk ? ConnectionEnd.Completed : ConnectionEnd.PeerGone, (int)received.Error, 0, 0, now - began);
            return DriverTurn.Ended;
        }
        _progress++;
        Misbehave((char)one[0]);
        return _ended ? DriverTurn.Ended : DriverTurn.Yielded;
    }

    public void BeginDrain() => _drains = true;

    public void Dispose() => socket.Dispose();

    // Before the byte is taken: whoever goes on with the connection finds it as it was.
    private void Poison(char how)
    {
        if (how == 'K')
            Environment.FailFast("killed because the client asked for it");
        if (how != 'k')
            return;
        var path = RemotePath.Create("the/poison"u8).IfLeft(static _ => throw new InvalidOperationException());
        journal!.Read();
        journal.Write(new(0, 0, null, new([new JournalAnswer.File(path, default, new(1, 0, 0, new([1]), 1, HashAlgorithm.Xxh128))]), default));
        Environment.FailFast("killed because the client asked for it, with something under way");
    }

    private DriverTurn End(string word)
    {
        socket.Send(Encoding.ASCII.GetBytes(word));
        socket.Shutdown(SocketDirection.Both);
        Report = new(ConnectionEnd.Completed, 0, 0, 0, DateTimeOffset.UtcNow - began);
        return DriverTurn.Ended;
    }

    private void Misbehave(char how)
    {
        switch (how)
        {
            case 'p':
                socket.Send(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessId}\n")));
                break;
            case 's':
                while (Environment.TickCount64 > 0)
                    Thread.SpinWait(100);
                break;
            case 'b':
                Thread.Sleep(Timeout.Infinite);
                break;
            case 't':
                throw new InvalidOperationException("thrown because the client asked for it");
            case 'n':
                Report = new(ConnectionEnd.NotServed, 0, 0, 0, TimeSpan.Zero);
                _ended = true;
                break;
            case 'x':
                Environment.Exit(3);
                break;
            default:
                break;
        }
    }
}
