using Trainyard.Core.Textbook;
using Trainyard.Shell.Linux;

namespace Trainyard.Shell.Client;

/// <summary>
/// What receivers have in common that move file bytes past the machine: they read exactly the bytes of each header, name and size, so that
/// the next byte on the socket is always the file's.
/// </summary>
internal abstract class DirectReceiver : IFileReceiver
{
    private readonly byte[] _control = GC.AllocateUninitializedArray<byte>(ReceiverMachine.SmallestBuffer, pinned: true);
    private int _held;

    /// <inheritdoc/>
    public ReceiverState Receive(ClientConnection connection, DownloadTarget target, ReceiverState state)
    {
        while (!state.IsEnded)
            state = state.ExpectedData > 0 ? MoveData(connection, target, state) : ReadControl(connection, target, state);
        return state;
    }

    /// <inheritdoc/>
    public abstract void Dispose();

    /// <summary>Moves some of the expected file bytes from the socket into the file.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="file">The file, and where in it they go: its length.</param>
    /// <param name="expected">How many come next; at least 1.</param>
    /// <returns>Bytes moved, 0 at the end of the stream, or the socket's error.</returns>
    protected abstract IoResult Move(ClientConnection connection, IncomingFile file, long expected);

    /// <summary>The size is known.</summary>
    protected virtual void Prepare(IncomingFile file, long size) { }

    /// <summary>The file is whole.</summary>
    protected virtual void Complete(IncomingFile file) { }

    /// <summary>Room for the header that follows the expected data, for a receiver that takes both in one call.</summary>
    protected Memory<byte> FollowingHeader => _control.AsMemory(0, Core.Framing.TrainHeader.Size);

    /// <summary>So many bytes of the following header came with the data.</summary>
    protected void HoldHeader(int bytes) => _held = bytes;

    private ReceiverState MoveData(ClientConnection connection, DownloadTarget target, ReceiverState state)
    {
        var moved = Move(connection, target.File, state.ExpectedData);
        if (!moved.IsOk)
            return ReceiverMachine.ConnectionLost(state, (int)moved.Error);
        if (moved.Count == 0)
            return ReceiverMachine.EndOfStream(state);
        target.Stored(moved.Count);
        return ReceiverMachine.Moved(state, moved.Count);
    }

    private ReceiverState ReadControl(ClientConnection connection, DownloadTarget target, ReceiverState state)
    {
        var step = ReceiverMachine.Read(state, _control.AsSpan(0, _held));
        _control.AsSpan(step.Consumed, _held - step.Consumed).CopyTo(_control);
        _held -= step.Consumed;
        switch (step.Action)
        {
            case ReceiverAction.Named:
                target.Begin(step.State.Name!);
                return step.State;
            case ReceiverAction.Sized:
                target.Expect(step.State.Size!.Value);
                Prepare(target.File, step.State.Size.Value);
                return step.State;
            case ReceiverAction.Finished:
                Complete(target.File);
                return step.State;
            case ReceiverAction.NeedMore when step.State.ExpectedData == 0:
                return ReceiveControl(connection, step.State, step.Needed);
            default:
                return step.State;
        }
    }

    private ReceiverState ReceiveControl(ClientConnection connection, ReceiverState state, int needed)
    {
        var received = connection.Receive(_control.AsSpan(_held, needed));
        if (!received.IsOk)
            return ReceiverMachine.ConnectionLost(state, (int)received.Error);
        if (received.Count == 0)
            return ReceiverMachine.EndOfStream(state);
        _held += (int)received.Count;
        return state;
    }
}
