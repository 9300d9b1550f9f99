using Trainyard.Core.Protocol;
using Trainyard.Shell.Linux;

namespace Trainyard.Shell.Client.Native;

/// <content>File bytes that go straight to where they belong, past the input.</content>
internal sealed partial class NativeSession
{
    // A header, and of the bytes behind it only as many as may be copied without being noticed.
    private const int BesideDirect = 4096;

    /// <summary>Whether file bytes are taken by <see cref="Receive"/>: then little more than headers is received into the input.</summary>
    public bool IsDirect { get; set; }

    /// <summary>How many file bytes come next without a header in between.</summary>
    public long ExpectedData => _state.ExpectedData;

    /// <summary>Receives file bytes that come next, at most <see cref="ExpectedData"/>; waits for the first of them.</summary>
    /// <param name="destination">Where they go; not empty.</param>
    /// <param name="waitMs">How long to wait at most, in milliseconds; <c>null</c> for as long as the call does.</param>
    /// <returns>How many came; 0 where none did in time.</returns>
    /// <exception cref="TransferException">The session is over.</exception>
    public int Receive(Span<byte> destination, int? waitMs)
    {
        destination = destination[..(int)Math.Min(destination.Length, ExpectedData)];
        var count = Math.Min(_end - _start, destination.Length);
        if (count > 0)
        {
            _input.AsSpan(_start, count).CopyTo(destination);
            _start += count;
        }
        else
        {
            var received = ReceiveInto(destination);
            if (received.WouldBlock && waitMs is not null && _channel.Wait(PollEvents.Readable, _call.Wake, waitMs.Value) is (PollEvents.None, false))
                return 0;
            while (received.WouldBlock)
            {
                received = ReceiveInto(destination);
                if (received.WouldBlock)
                    Wait(PollEvents.Readable);
            }
            if (received.Count == 0)
                EndInsideData();
            count = (int)received.Count;
        }
        _state = ClientSession.Moved(_state, count);
        return count;
    }

    private void EndInsideData()
    {
        _isAtEnd = true;
        _state = ClientSession.EndOfStream(_state, 0);
        throw NativeFailure.Of(Server, _state.Error);
    }

    /// <summary>Takes what has come, and no more than the rate allows.</summary>
    private IoResult ReceiveInto(Span<byte> destination)
    {
        var received = _channel.Receive(_limit is null ? destination : destination[..Math.Min(destination.Length, _limit.Piece)]);
        if (received.WouldBlock)
            return received;
        if (!received.IsOk)
        {
            _isAtEnd = true;
            throw NativeFailure.Broken(Server, received.Error);
        }
        if (_limit is not null)
            _call.Pause(_limit.Moved(received.Count));
        return received;
    }
}
