using LanguageExt;
using Trainyard.Core.Custody;
using Trainyard.Core.Lane;
using Trainyard.Core.Textbook;
using Trainyard.Core.Transfer;
using Trainyard.Shell.Lanes;
using Trainyard.Shell.Linux;
using Trainyard.Shell.Worker;

namespace Trainyard.Shell.Serving;

/// <summary>Carries <see cref="SenderMachine"/>'s commands out on one connection.</summary>
internal sealed class SenderDriver : IConnectionDriver, ITransferring, IHandsOver
{
    // A fair share for one turn of the worker's loop; a connection that could go on gets its next turn after the others.
    private const long TurnBytes = 16 * 1024 * 1024;

    private readonly Descriptor _socket;
    private readonly TextbookSettings _settings;
    private readonly IFileSender _sender;
    private readonly SlotJournal? _journal;
    private readonly DateTimeOffset _began;
    private ServedFile? _file;
    private SenderState _state;
    private TextbookLayout? _layout;
    private SenderCommand _command;
    private ProgressWatch _watch;
    private ulong _progress;

    /// <summary>A driver that owns <paramref name="socket"/> and <paramref name="sender"/>.</summary>
    public SenderDriver(
        Descriptor socket, TextbookSettings settings, FileName name, IFileSender sender, SlotJournal? journal, DateTimeOffset now)
    {
        _socket = socket;
        _settings = settings;
        _sender = sender;
        _journal = journal;
        _began = now;
        _watch = new ProgressWatch(now, settings.NoProgressLimit);
        var begun = journal is null ? null : SenderResumption.Find(socket, journal, settings.Path);
        _file = begun?.File;
        (_state, var commands) = begun?.Step ?? SenderMachine.Start(settings.Dialect, name);
        _command = commands[0];
    }

    /// <inheritdoc/>
    public PollEvents Interest => PollEvents.Writable;

    /// <inheritdoc/>
    public DateTimeOffset? Deadline => _watch.Deadline;

    /// <inheritdoc/>
    public ConnectionReport Report { get; private set; }

    /// <inheritdoc/>
    public bool CanStop => _journal is not null;

    /// <inheritdoc/>
    public DateTimeOffset? IdleSince => null;

    /// <inheritdoc/>
    public DateTimeOffset? IdleUntil => null;

    /// <inheritdoc/>
    public string Path => _settings.Path;

    /// <inheritdoc/>
    public long Size => _file?.Size ?? 0;

    /// <inheritdoc/>
    public long Offset => _command is SenderCommand.Send send ? send.Layout.FileBytesBefore(send.From) : _file is null ? 0 : Size;

    /// <inheritdoc/>
    public ulong TakeProgress()
    {
        var progress = _progress;
        _progress = 0;
        return progress;
    }

    // The kernel counts what was sent, and the journal says of what.
    /// <inheritdoc/>
    public bool TryStop() => true;

    /// <inheritdoc/>
    public DriverTurn Advance(DateTimeOffset now)
    {
        var end = _progress + TurnBytes;
        while (true)
        {
            SenderEvent ev;
            switch (_command)
            {
                case SenderCommand.OpenFile:
                    ev = OpenFile();
                    break;
                case SenderCommand.Send send:
                    _layout = send.Layout;
                    var sent = _sender.Send(_socket, _file!, send.Layout, send.From, send.To);
                    if (sent.Stop == SendStop.WouldBlock && !_watch.IsStalled(now))
                        return DriverTurn.Blocked;
                    ev = EventOf(sent, now);
                    break;
                case SenderCommand.VerifyUnchanged:
                    ev = Verify();
                    break;
                case SenderCommand.Finish(var outcome):
                    Ending.InOrder(_socket);
                    Report = SenderReport.Of(outcome, _layout, now - _began);
                    return DriverTurn.Ended;
                case SenderCommand.Abort(var outcome):
                    Ending.Abruptly(_socket);
                    Report = SenderReport.Of(outcome, _layout, now - _began);
                    return DriverTurn.Ended;
                default:
                    throw new System.Diagnostics.UnreachableException(_command.GetType().Name);
            }
            (_state, var commands) = SenderMachine.Step(_state, ev);
            _command = commands[0];
            if (_progress >= end)
                return DriverTurn.Yielded;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _sender.Dispose();
        _file?.Dispose();
        _socket.Dispose();
    }

    private SenderEvent OpenFile()
    {
        (_file, var error) = ServedFile.Open(_settings.Path);
        if (_file is null)
            return new SenderEvent.OpenFailed((int)error);
        if (_state is SenderState.Opening(var dialect, var name))
            Note(new JournalAnswer.Textbook(dialect, name, _file.Size, _file.Identity));
        return new SenderEvent.Opened(_file.Size);
    }

    private void Note(JournalAnswer answer) =>
        _journal?.Write(new(Written: 0, Taken: 0, Session: null, new Arr<JournalAnswer>([answer]), Ahead: default));

    private SenderEvent Verify() => _file!.IsUnchanged() ? new SenderEvent.Unchanged() : new SenderEvent.Changed();

    private SenderEvent EventOf(SendResult result, DateTimeOffset now)
    {
        switch (result.Stop)
        {
            case SendStop.Sent:
                _progress += (ulong)result.Count;
                _watch = _watch.Moved(now);
                return new SenderEvent.Sent(result.Count);
            case SendStop.WouldBlock:
                return new SenderEvent.Stalled(now - _watch.LastMoved);
            case SendStop.Shrunk:
                return new SenderEvent.Shrunk(result.Count);
            case SendStop.ReadFailed:
                return new SenderEvent.ReadFailed((int)result.Error);
            default:
                return new SenderEvent.PeerGone((int)result.Error);
        }
    }
}
