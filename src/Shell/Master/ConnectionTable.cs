using System.Net;
using Trainyard.Core.Custody;
using Trainyard.Core.Pool;
using Trainyard.Shell.Lanes;
using Trainyard.Shell.Linux;

namespace Trainyard.Shell.Master;

/// <summary>Every connection in the master's custody, by name, and what the journal says of it.</summary>
internal sealed class ConnectionTable : IDisposable
{
    private readonly Dictionary<ConnectionId, HeldConnection> _held = [];
    private readonly Journal _journal;
    private readonly JournalSlots _slots;
    private long _accepted;

    /// <summary>A table without connections.</summary>
    /// <param name="journal">Where their workers say what they do; stays the caller's.</param>
    public ConnectionTable(Journal journal)
    {
        _journal = journal;
        _slots = new(journal);
    }

    /// <summary>Takes custody of an accepted connection and names it.</summary>
    public ConnectionId Take(SocketDescriptor socket, IPEndPoint? peer) => Take(socket, peer, []);

    /// <summary>Takes custody of a connection that another master's workers have begun.</summary>
    /// <param name="socket">The connection.</param>
    /// <param name="peer">The client's address.</param>
    /// <param name="journal">What they have said of it.</param>
    public ConnectionId Take(SocketDescriptor socket, IPEndPoint? peer, byte[] journal)
    {
        var id = new ConnectionId(++_accepted);
        _held.Add(id, new HeldConnection(socket, peer, journal));
        return id;
    }

    /// <summary>A connection in custody; <c>null</c> where it has ended.</summary>
    public HeldConnection? Find(ConnectionId id) => _held.GetValueOrDefault(id);

    /// <summary>Makes a connection ready for a worker.</summary>
    /// <returns>Whether it has all that it needs: not where it has begun, and no slot is left to say so.</returns>
    public bool Prepare(HeldConnection held)
    {
        var hasBegun = held.Slot != JournalSlots.None || held.Saved.Length > 0;
        // Nobody can go on without the kernel's count.
        if (held.Slot == JournalSlots.None && held.IsCounted)
            held.Slot = _slots.Take(held.Saved);
        if (held.Saved.Length > 0 && held.Slot == JournalSlots.None)
            return false;
        held.Saved = [];
        held.BeginDispatch(hasBegun);
        return true;
    }

    /// <summary>Takes a connection's slot from it; what it says is kept.</summary>
    public void Save(HeldConnection held)
    {
        if (held.Slot == JournalSlots.None)
            return;
        held.Saved = _slots.Export(held.Slot);
        _slots.Return(held.Slot);
        held.Slot = JournalSlots.None;
    }

    /// <summary>What was said of a connection.</summary>
    public byte[] Export(HeldConnection held) => held.Slot == JournalSlots.None ? held.Saved : _slots.Export(held.Slot);

    /// <summary>What was said of a connection, read; <c>null</c> where nothing was, or it cannot be read.</summary>
    public JournalEntry? Read(HeldConnection held) =>
        held.Slot != JournalSlots.None && JournalSlot.Decode(_journal.Memory(held.Slot)).Case is JournalRecord { Sequence: > 0, Entry: var entry } ? entry : null;

    /// <summary>Those of a worker's connections that another can go on with, or begin.</summary>
    public ConnectionId[] ContinuableOf(WorkerId worker) =>
        [.. _held.Where(entry => entry.Value.Worker == worker && IsContinuable(entry.Value)).Select(entry => entry.Key)];

    /// <summary>Nothing has happened for a while: what a crowd has left is given back.</summary>
    public void Rest()
    {
        _slots.Rest();
        _held.TrimExcess();
    }

    /// <summary>Ends custody and closes the duplicate.</summary>
    public void Close(ConnectionId id)
    {
        if (!_held.Remove(id, out var connection))
            return;
        _slots.Return(connection.Slot);
        connection.Dispose();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var connection in _held.Values)
            connection.Dispose();
        _held.Clear();
    }

    private bool IsContinuable(HeldConnection held) => _slots.IsWritten(held.Slot) || held.IsUntouched();
}
