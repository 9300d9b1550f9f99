using LanguageExt;
using Trainyard.Core.Protocol;
using Trainyard.Shell.Storage;

namespace Trainyard.Shell.Serving.Native;

/// <summary>
/// The answer to LIST: batch after batch, as the client takes them. A directory may have millions of names to be read and sorted, so that is done on
/// threads of its own while this one serves others.
/// </summary>
internal sealed class ListAnswer : IAnswer
{
    private readonly Listing _listing;
    private readonly int _maximumControl;
    private readonly Action _done;
    private Task<StoreResult<Arr<Entry>>> _next;
    private long _entries;

    /// <summary>Begins to read.</summary>
    /// <param name="listing">What to name; the answer owns it.</param>
    /// <param name="maximumControl">The longest control body that the client accepts, in bytes.</param>
    /// <param name="done">Called, on another thread, whenever there is more to send.</param>
    public ListAnswer(Listing listing, int maximumControl, Action done)
    {
        (_listing, _maximumControl, _done) = (listing, maximumControl, done);
        _next = Read();
    }

    /// <inheritdoc/>
    public AnswerTurn Advance(SessionWire wire)
    {
        if (wire.IsFull && wire.Flush() is var flushed and not AnswerTurn.Done)
            return flushed;
        if (!_next.IsCompleted)
            return AnswerTurn.Working;
        var batch = _next.GetAwaiter().GetResult();
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
        if (_listing.IsEnd)
        {
            wire.Say(new Message.Fin(_entries, default));
            return AnswerTurn.Done;
        }
        _next = Read();
        return AnswerTurn.Moved;
    }

    /// <inheritdoc/>
    public void Dispose() => _ = _next.ContinueWith(
        static (_, listing) => ((Listing)listing!).Dispose(), _listing, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

    private Task<StoreResult<Arr<Entry>>> Read()
    {
        var next = Task.Run(() => _listing.Next(_maximumControl));
        next.GetAwaiter().OnCompleted(_done);
        return next;
    }
}
