using Trainyard.Core.Pool;
using Trainyard.Shell.Lanes;

namespace Trainyard.Shell.Worker;

/// <summary>
/// Says on the scoreboard what a worker moves. Of several connections it shows one until that one has nothing more to move, so that a turn costs
/// one store and no path is copied but once a file.
/// </summary>
internal sealed class TransferBoard(Scoreboard scoreboard)
{
    private ConnectionId? _shown;
    private string? _path;

    /// <summary>A connection has had a turn.</summary>
    public void Moved(int cell, ConnectionId connection, ITransferring? transfer)
    {
        var path = transfer?.Path;
        if (_shown is { } shown && shown != connection)
            return;
        if (path is null)
            Hide(cell);
        else if (ReferenceEquals(path, _path))
            scoreboard.Move(cell, transfer!.Offset);
        else
        {
            scoreboard.Show(cell, connection, path, transfer!.Size, transfer.Offset);
            (_shown, _path) = (connection, path);
        }
    }

    /// <summary>A connection has ended.</summary>
    public void Ended(int cell, ConnectionId connection)
    {
        scoreboard.CountServed(cell);
        Parted(cell, connection);
    }

    /// <summary>A connection is not this worker's any more.</summary>
    public void Parted(int cell, ConnectionId connection)
    {
        if (_shown == connection)
            Hide(cell);
    }

    private void Hide(int cell)
    {
        if (_shown is null)
            return;
        scoreboard.Hide(cell);
        (_shown, _path) = (null, null);
    }
}
