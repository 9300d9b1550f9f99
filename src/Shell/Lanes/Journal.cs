using Trainyard.Core.Custody;
using Trainyard.Shell.Linux;

namespace Trainyard.Shell.Lanes;

/// <summary>
/// Memory that master and workers share: a slot a connection, in which the worker that has the connection says what it is about to do on it, and
/// which outlives that worker. What a slot holds is <see cref="JournalSlot"/>'s. A slot belongs to one process at a time: the worker that was
/// assigned it, and the master before and after.
/// </summary>
/// <remarks>The memory is made when it is first touched, so that slots that are not needed cost nothing.</remarks>
internal sealed class Journal : IDisposable
{
    /// <summary>How many slots there are: so many connections can be under way at once. Further ones are served without.</summary>
    public const int Slots = 32 * 1024;

    private readonly MappedRegion _memory;

    private Journal(Descriptor descriptor, MappedRegion memory)
    {
        Descriptor = descriptor;
        _memory = memory;
    }

    /// <summary>The memfd, to be inherited by workers.</summary>
    public Descriptor Descriptor { get; }

    /// <summary>A new journal in which nothing has happened.</summary>
    public static Journal Create() => Open(Libc.CreateMemory("trainyard-journal", (long)Slots * JournalSlot.Length));

    /// <summary>The journal behind a descriptor that was inherited from the master.</summary>
    public static Journal Open(Descriptor descriptor) =>
        Libc.Map(descriptor, 0, (long)Slots * JournalSlot.Length, writable: true, out var memory) is var error && memory is not null
            ? new(descriptor, memory)
            : throw new NativeException("mmap", error);

    /// <summary>A slot as a connection's worker uses it; <c>null</c> for a number that is none.</summary>
    public SlotJournal? At(int slot) => slot is >= 0 and < Slots ? new(this, slot) : null;

    /// <summary>A slot's memory.</summary>
    public Span<byte> Memory(int slot) => _memory.Slice((long)slot * JournalSlot.Length, JournalSlot.Length);

    /// <summary>Gives a slot's memory back, which is made again when it is touched. It says nothing any more.</summary>
    public void GiveBack(int slot) => Libc.GiveBack(_memory, (long)slot * JournalSlot.Length, JournalSlot.Length);

    /// <summary>The sequence of one of a slot's copies.</summary>
    public ref ulong Sequence(int slot, int copyOffset) => ref _memory.At<ulong>((long)slot * JournalSlot.Length + copyOffset);

    /// <inheritdoc/>
    public void Dispose()
    {
        _memory.Dispose();
        Descriptor.Dispose();
    }
}
