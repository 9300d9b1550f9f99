using Trainyard.Core.Protocol;
using Trainyard.Shell.Storage;

namespace Trainyard.Shell.Serving.Native;

/// <summary>The answer to LIST: batch after batch, as the client takes them.</summary>
internal sealed class ListAnswer(Listing listing) : IAnswer
{
    private long _entries;

    /// <inheritdoc/>
    public AnswerTurn Advance(SessionWire wire)
    {
        if (wire.IsFull && wire.Flush() is var flushed and not AnswerTurn.Done)
            return flushed;
        if (listing.IsEnd)
        {
            wire.Say(new Message.Fin(_entries, default));
            return AnswerTurn.Done;
        }
        var batch = listing.Next(wire.MaximumControl);
        if (batch.Failure is { } failure)
        {
            wire.Say(failure);
            return AnswerTurn.Refused;
        }
        if (batch.Value.Count > 0)
        {
            _entries += batch.Value.Count;
            if (wire.Say(new Message.Entries(batch.Value)) is { } error)
                throw new InvalidOperationException($"a batch of {batch.Value.Count} entries cannot be sent: {error}");
        }
        return AnswerTurn.Moved;
    }

    /// <inheritdoc/>
    public void Dispose() => listing.Dispose();
}
