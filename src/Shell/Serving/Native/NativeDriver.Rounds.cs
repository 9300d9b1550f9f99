using Trainyard.Shell.Worker;

namespace Trainyard.Shell.Serving.Native;

/// <content>A turn as a part of a round of the worker's loop.</content>
internal sealed partial class NativeDriver : IReported, IFetchesAhead
{
    // Whether the next item is the one that the round began with.
    private bool _hasWaited;

    /// <inheritdoc/>
    public void Reported() =>
        // Something of its own that is under way may end after the round's question was asked, and what comes behind it has to see that.
        _hasWaited = _answer is null && _committing.Count == 0 && !_isDeferred && _begun.Count == 0 && _interrupted is null;

    /// <inheritdoc/>
    public void FetchAhead(int step)
    {
        if (step == 1)
        {
            CacheLines.Fetch(_journal, 192);
            CacheLines.Fetch(_wire, 128);
            CacheLines.Fetch(_input, 64);
            CacheLines.Fetch(_committing, 64);
            CacheLines.Fetch(_begun, 64);
            CacheLines.Fetch(_between, 128);
        }
        else
        {
            _journal.FetchAhead();
            _wire.FetchAhead();
        }
    }

    /// <inheritdoc/>
    public DriverTurn Advance(DateTimeOffset now)
    {
        var turn = Go(now);
        _hasWaited = false;
        return turn;
    }
}
