using System.Buffers;
using Trainyard.Core.Protocol;
using Trainyard.Shell.Linux;

namespace Trainyard.Shell.Client.Native;

/// <content>The sending half.</content>
internal sealed partial class NativeSession
{
    private readonly ArrayBufferWriter<byte> _output = new();
    private int _sent;
    private TimeSpan? _patience;

    /// <summary>Bytes that were queued and have not left.</summary>
    public int Unsent => _output.WrittenCount - _sent;

    /// <summary>Whether <see cref="SendFile"/> can be used.</summary>
    public bool CanSendFile => _channel.CanSendFile;

    /// <summary>Queues a message behind all that is queued.</summary>
    /// <exception cref="TransferException">It cannot be encoded: the caller's values are beyond what the protocol carries.</exception>
    public void Queue(Message message)
    {
        var limit = _state.Hello?.Limits.MaximumControl ?? SessionLimits.LeastControl;
        switch (MessageCodec.Encode(message, limit).Case)
        {
            case byte[] train:
                _output.Write(train);
                break;
            case var error:
                throw new TransferException(TransferFailure.Usage, $"the request cannot be made ({error})");
        }
    }

    /// <summary>Queues the end of the upload that was asked for last: FIN, or ERROR where it is given up.</summary>
    public void EndUpload(Message end)
    {
        _state = ClientSession.UploadEnded(_state);
        Queue(end);
    }

    /// <summary>Queues bytes of a train behind all that is queued.</summary>
    public Span<byte> QueueBytes(int count)
    {
        var room = _output.GetSpan(count)[..count];
        _output.Advance(count);
        return room;
    }

    /// <summary>Sends all that is queued.</summary>
    /// <exception cref="TransferException">The connection broke, or nothing moved for too long.</exception>
    public void Flush(bool more = false)
    {
        while (SendQueued(more) > 0)
            WaitToSend();
    }

    /// <summary>Sends bytes behind all that is queued.</summary>
    /// <exception cref="TransferException">The connection broke, or nothing moved for too long.</exception>
    public void Send(ReadOnlySpan<byte> bytes)
    {
        Flush(more: true);
        while (!bytes.IsEmpty)
        {
            var sent = _channel.Send(bytes[..(int)Piece(bytes.Length)], more: false);
            bytes = bytes[(int)Moved(sent)..];
        }
    }

    /// <summary>Sends a part of a file behind all that is queued, without touching its bytes.</summary>
    /// <returns>Whether all of it was there; else the file has shrunk, and a train is left unfinished.</returns>
    /// <exception cref="TransferException">The connection broke, or nothing moved for too long.</exception>
    public bool SendFile(FileDescriptor file, long offset, long count)
    {
        Flush(more: true);
        while (count > 0)
        {
            var sent = _channel.SendFile(file, offset, Piece(count));
            if (sent is { IsOk: true, Count: 0 })
            {
                // Nothing behind an unfinished train would be understood.
                _isAtEnd = true;
                return false;
            }
            var moved = Moved(sent);
            offset += moved;
            count -= moved;
        }
        return true;
    }

    /// <summary>Sends what is queued as far as the connection takes it now.</summary>
    /// <returns>Bytes left.</returns>
    private int SendQueued(bool more = false)
    {
        while (Unsent > 0)
        {
            var sent = _channel.Send(_output.WrittenSpan.Slice(_sent, (int)Piece(Unsent)), more);
            if (sent.WouldBlock)
                return Unsent;
            _sent += (int)Moved(sent);
        }
        _output.ResetWrittenCount();
        _sent = 0;
        return 0;
    }

    private long Piece(long count) => _limit is null ? count : Math.Min(count, _limit.Piece);

    private long Moved(IoResult sent)
    {
        if (sent.WouldBlock)
        {
            WaitToSend();
            return 0;
        }
        if (!sent.IsOk)
            throw BrokenWhileSending(sent.Error);
        if (_limit is not null)
            _call.Pause(_limit.Moved(sent.Count));
        return sent.Count;
    }

    // The server may be unable to take more before we take what it says: both must go on.
    private void WaitToSend()
    {
        var canReceive = !_isAtEnd && MakeRoom() > 0;
        if ((Wait(canReceive ? PollEvents.Readable | PollEvents.Writable : PollEvents.Writable) & PollEvents.Readable) != 0)
            ReceiveReady();
    }

    // A server that gives a session up says why before it leaves; that is worth more than the error number of our send.
    private TransferException BrokenWhileSending(Errno error)
    {
        try
        {
            while (true)
            {
                while (TryRead(out var step, out _) && step.Action != ClientAction.Fin)
                {
                }
                if (!ReceiveReady() && !_isAtEnd)
                    return NativeFailure.Broken(Server, error);
            }
        }
        catch (TransferException said)
        {
            return said.Reason == TransferFailure.Interrupted ? NativeFailure.Broken(Server, error) : said;
        }
    }

    private PollEvents Wait(PollEvents interest)
    {
        var limit = _patience ?? _call.Options.NoProgressLimit;
        var (ready, woken) = _channel.Wait(interest, _call.Wake, Call.Milliseconds(limit));
        if (woken)
            _call.Cancellation.ThrowIfCancellationRequested();
        if (ready == PollEvents.None && !woken)
            throw NativeFailure.Stalled(Server, limit!.Value);
        return ready;
    }
}
