using Trainyard.Core.Lane;
using Trainyard.Core.Protocol;
using Trainyard.Shell.Linux;

namespace Trainyard.Shell.Serving.Native;

/// <content>How a session ends, and what it says of itself then.</content>
internal sealed partial class NativeDriver
{
    /// <summary>The worker goes, and the client is told so between two requests: it may connect again at once.</summary>
    private Turn Leave(DateTimeOffset now)
    {
        _wire.Say(new Failure(ErrorCode.Busy, "this worker goes, connect again", IsRetryable: true, RetryAfter: 0));
        return Close(now);
    }

    private Turn Close(DateTimeOffset now)
    {
        if (_session.Error?.ToFailure() is { } failure)
            _wire.Say(failure);
        _wire.Flush();
        if (_session.Error is SessionError.TimedOut(SessionTimer.Progress, _))
            Ending.Abruptly(_socket);
        else
            // The shutdown(2) also says to whoever goes on, should this process die now, that nothing is left to do: see GoOn.
            Ending.InOrder(_socket, _input.IsAtEnd);
        return End(
            _session.Error switch
            {
                null => ConnectionEnd.Completed,
                SessionError.Truncated => ConnectionEnd.PeerGone,
                SessionError.TimedOut => ConnectionEnd.Stalled,
                SessionError.Misused => ConnectionEnd.Faulted,
                _ => ConnectionEnd.ProtocolBroken,
            },
            0,
            now);
    }

    private Turn Lost(Errno error, DateTimeOffset now) => End(ConnectionEnd.PeerGone, (int)error, now);

    private Turn End(ConnectionEnd end, int errno, DateTimeOffset now)
    {
        // What an upload has brought stays, for its owner to go on with.
        DropUpload(keep: true);
        Report = new(end, errno, _fileBytes, _wire.Sent, now - _began);
        return Turn.Ended;
    }

    private void DropUpload(bool keep = false)
    {
        if (_upload is null)
            return;
        if (keep)
            _upload.Keep();
        else
            _upload.Discard();
        _upload.Dispose();
        _upload = null;
    }

    private void EndAnswer()
    {
        _answer?.Dispose();
        _answer = null;
    }
}
