using Trainyard.Core.Custody;

namespace Trainyard.Shell.Lanes;

/// <summary>Which slots of a journal are in use: the master's own account. Those that were used last are used first, so that few are touched.</summary>
internal sealed class JournalSlots(Journal journal)
{
    /// <summary>What stands for no slot.</summary>
    public const int None = -1;

    // As many as come and go all the time. What a crowd has left beyond that is given back: three pages a connection.
    private const int MostKept = 256;

    private readonly Stack<int> _returned = new();
    private readonly Stack<int> _givenBack = new();
    private int _untouched;

    /// <summary>Takes a slot and begins it.</summary>
    /// <param name="exported">What it is to hold (<see cref="JournalSlot.Export"/>); empty for a new connection.</param>
    /// <returns><see cref="None"/> where all are in use.</returns>
    public int Take(ReadOnlySpan<byte> exported)
    {
        if (!_returned.TryPop(out var slot) && !_givenBack.TryPop(out slot))
        {
            if (_untouched == Journal.Slots)
                return None;
            slot = _untouched++;
        }
        JournalSlot.Import(exported, journal.Memory(slot));
        return slot;
    }

    /// <summary>Gives a slot back.</summary>
    public void Return(int slot)
    {
        if (slot == None)
            return;
        if (_returned.Count < MostKept)
        {
            _returned.Push(slot);
            return;
        }
        journal.GiveBack(slot);
        _givenBack.Push(slot);
    }

    /// <summary>Gives the memory of all slots back that are not in use: nobody comes and goes any more.</summary>
    public void Rest()
    {
        while (_returned.TryPop(out var slot))
        {
            journal.GiveBack(slot);
            _givenBack.Push(slot);
        }
    }

    /// <summary>What a slot holds, by itself.</summary>
    public byte[] Export(int slot) => slot == None ? [] : JournalSlot.Export(journal.Memory(slot));

    /// <summary>Whether anything was ever said in a slot.</summary>
    public bool IsWritten(int slot) => slot != None && JournalSlot.IsWritten(journal.Memory(slot));
}
