using Trainyard.Core.Protocol;
using Trainyard.Shell.Storage;

namespace Trainyard.Shell.Client.Native;

/// <summary>Fetches one range of a file, over as many sessions as it takes: each goes on where the last one broke off. Used by one thread.</summary>
/// <param name="path">The file at the server.</param>
/// <param name="end">Where the range ends, in bytes from the file's beginning; <c>null</c> for the end of the file.</param>
/// <param name="algorithm">How FIN's digest is computed.</param>
/// <param name="whole">Gets all bytes in order, from the file's first one on; <c>null</c> where they do not come in order.</param>
/// <param name="begin">Opens the file once it is described; asked for each answer.</param>
/// <param name="moved">Told after each piece that was kept.</param>
internal sealed class RangeFetch(
    TrainPath path, long? end, DigestAlgorithm algorithm, ContentDigest? whole, Func<Message.Meta, IncomingParts> begin, Action moved) : IDisposable
{
    private readonly ContentDigest _part = new(algorithm.OnTheWire());
    private IncomingParts? _parts;
    private BlockWriter? _writer;
    private WriteBehind? _behind;
    private long _start;

    // A whole file in one session: FIN's digest is then that of the file, and computed once.
    private bool _isWhole;

    /// <summary>Where the next byte goes.</summary>
    public long Position => _writer?.Position ?? 0;

    /// <summary>Begins where a file that is open already has a gap.</summary>
    public void BeginAt(IncomingParts parts, long offset)
    {
        _parts = parts;
        _writer = parts.WriterAt(offset);
        _start = offset;
    }

    /// <summary>Gets what is left of the range on one session.</summary>
    /// <param name="session">Without other requests on their way.</param>
    /// <param name="identity">Only this content; empty for any.</param>
    /// <returns>Whether the digest of what came is the announced one.</returns>
    /// <exception cref="TransferException">It is refused, the session is over, or the disk fails.</exception>
    public bool Receive(NativeSession session, Opaque identity)
    {
        var from = Position;
        if (_writer is not null && from > _start)
            _parts!.Unconfirmed();
        session.Ask(new Message.Get(path.ToFile(session), new(from, end - from), _parts?.Meta.Identity ?? identity, algorithm.OnTheWire()));
        _ = _part.Finish();
        _isWhole = whole is not null && from == 0;
        try
        {
            return ReceiveAnswer(session, from);
        }
        finally
        {
            session.IsDirect = false;
            _behind?.Settle();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _behind?.Dispose();
        _part.Dispose();
    }

    private bool ReceiveAnswer(NativeSession session, long from)
    {
        while (true)
        {
            var step = session.Next(out var data);
            switch (step.Action)
            {
                case ClientAction.Meta:
                    Begin((Message.Meta)step.Message!, from);
                    session.IsDirect = _behind is not null;
                    break;
                case ClientAction.Data:
                    Digest(data);
                    if (_behind is null)
                        _parts!.Write(_writer!, data);
                    else
                        _behind.Write(data);
                    moved();
                    if (_behind is not null)
                        ReceiveTrain(session, _behind);
                    break;
                case ClientAction.Fin:
                    _behind?.Settle();
                    _behind?.Check();
                    return session.Verify((_isWhole ? whole!.Current() : _part.Finish()).Span);
                case ClientAction.Refused:
                    throw NativeFailure.Of(session.Name(path), ((Message.Error)step.Message!).Failure);
            }
        }
    }

    private void Begin(Message.Meta meta, long from)
    {
        _parts ??= begin(meta);
        _writer ??= _parts.WriterAt(0);
        if ((end ?? meta.Size) - from >= WriteBehind.LeastBytes)
            _behind ??= new(_parts, _writer);
    }

    // What is left of a train goes to its piece without being copied once more.
    private void ReceiveTrain(NativeSession session, WriteBehind behind)
    {
        while (session.ExpectedData > 0)
        {
            var room = behind.Room();
            var count = session.Receive(room, behind.HasUnwritten ? WriteBehind.LongestWaitMs : null);
            if (count == 0)
            {
                behind.HandOver();
                continue;
            }
            Digest(room[..count]);
            behind.Advance(count);
            moved();
        }
    }

    private void Digest(ReadOnlySpan<byte> data)
    {
        if (!_isWhole)
            _part.Append(data);
        whole?.Append(data);
    }
}
