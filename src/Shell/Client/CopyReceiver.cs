using Trainyard.Core.Textbook;

namespace Trainyard.Shell.Client;

/// <summary>
/// Receives into a buffer, moves the file's bytes together over the headers between them, and writes them in one call. The bytes are still
/// in cache when the digest reads them.
/// </summary>
internal sealed class CopyReceiver : IFileReceiver
{
    private const int Capacity = 256 * 1024;

    private readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(Capacity, pinned: true);

    /// <inheritdoc/>
    public ReceiverState Receive(ClientConnection connection, DownloadTarget target, ReceiverState state)
    {
        var kept = 0;
        while (true)
        {
            var received = connection.Receive(_buffer.AsSpan(kept));
            if (!received.IsOk)
                return ReceiverMachine.ConnectionLost(state, (int)received.Error);
            if (received.Count == 0)
                return ReceiverMachine.EndOfStream(state);
            var end = kept + (int)received.Count;
            state = Take(target, state, end, out var used);
            if (state.IsEnded)
                return state;
            _buffer.AsSpan(used, end - used).CopyTo(_buffer);
            kept = end - used;
        }
    }

    /// <inheritdoc/>
    public void Dispose() { }

    private ReceiverState Take(DownloadTarget target, ReceiverState state, int end, out int used)
    {
        used = 0;
        var packed = 0;
        var more = true;
        while (more)
        {
            var input = _buffer.AsSpan(used, end - used);
            var step = ReceiverMachine.Read(state, input);
            state = step.State;
            switch (step.Action)
            {
                case ReceiverAction.Data:
                    if (used + step.DataOffset != packed)
                        step.Data(input).CopyTo(_buffer.AsSpan(packed));
                    packed += step.DataLength;
                    break;
                case ReceiverAction.Named:
                    target.Begin(state.Name!);
                    break;
                case ReceiverAction.Sized:
                    target.Expect(state.Size!.Value);
                    break;
                default:
                    more = false;
                    break;
            }
            used += step.Consumed;
        }
        if (packed > 0)
            target.Store(_buffer.AsSpan(0, packed));
        return state;
    }
}
