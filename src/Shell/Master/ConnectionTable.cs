using System.Net;
using Trainyard.Core.Pool;
using Trainyard.Shell.Linux;

namespace Trainyard.Shell.Master;

/// <summary>Every connection in the master's custody, by name.</summary>
internal sealed class ConnectionTable : IDisposable
{
    private readonly Dictionary<ConnectionId, HeldConnection> _held = [];
    private long _accepted;

    /// <summary>Takes custody of an accepted connection and names it.</summary>
    public ConnectionId Take(SocketDescriptor socket, IPEndPoint? peer)
    {
        var id = new ConnectionId(++_accepted);
        _held.Add(id, new HeldConnection(socket, peer));
        return id;
    }

    /// <summary>A connection in custody; <c>null</c> where it has ended.</summary>
    public HeldConnection? Find(ConnectionId id) => _held.GetValueOrDefault(id);

    /// <summary>Those of a worker's connections that another can begin afresh.</summary>
    public ConnectionId[] UntouchedOf(WorkerId worker) =>
        [.. _held.Where(entry => entry.Value.Worker == worker && entry.Value.IsUntouched()).Select(entry => entry.Key)];

    /// <summary>Ends custody and closes the duplicate.</summary>
    public void Close(ConnectionId id)
    {
        if (_held.Remove(id, out var connection))
            connection.Dispose();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var connection in _held.Values)
            connection.Dispose();
        _held.Clear();
    }
}
