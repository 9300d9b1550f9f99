using System.Globalization;
using Trainyard.Core.Custody;
using Trainyard.Integration.Support;
using Trainyard.Shell.Lanes;
using Xunit;

namespace Trainyard.Integration.Lanes;

/// <summary>Who has which slot of a journal, and with what it begins.</summary>
public sealed class JournalSlotsTests
{
    [Fact]
    public void A_slot_that_was_used_says_nothing_of_its_last_connection()
    {
        using var journal = Journal.Create();
        var slots = new JournalSlots(journal);
        var first = slots.Take([]);
        Assert.False(slots.IsWritten(first));
        var own = journal.At(first)!;
        own.Read();
        own.Write(JournalEntry.Fresh with { Written = 1 });
        own.Write(JournalEntry.Fresh with { Written = 2 });
        Assert.True(slots.IsWritten(first));
        var exported = slots.Export(first);
        slots.Return(first);
        // Used again before one that nobody has touched.
        Assert.Equal(first, slots.Take([]));
        Assert.False(slots.IsWritten(first));
        Assert.Equal(new JournalRecord(0, JournalEntry.Fresh), journal.At(first)!.Read().Case);
        var second = slots.Take(exported);
        Assert.NotEqual(first, second);
        Assert.Equal(new JournalRecord(1, JournalEntry.Fresh with { Written = 2 }), journal.At(second)!.Read().Case);
    }

    [Fact]
    public void There_are_so_many_and_then_none()
    {
        using var journal = Journal.Create();
        var slots = new JournalSlots(journal);
        var taken = Enumerable.Range(0, Journal.Slots).Select(_ => slots.Take([])).ToHashSet();
        Assert.Equal(Journal.Slots, taken.Count);
        Assert.DoesNotContain(JournalSlots.None, taken);
        Assert.Equal(JournalSlots.None, slots.Take([]));
        Assert.Empty(slots.Export(JournalSlots.None));
        Assert.False(slots.IsWritten(JournalSlots.None));
        slots.Return(JournalSlots.None);
        Assert.Equal(JournalSlots.None, slots.Take([]));
        slots.Return(77);
        Assert.Equal(77, slots.Take([]));
        Assert.Null(journal.At(-1));
        Assert.Null(journal.At(Journal.Slots));
        Assert.NotNull(journal.At(Journal.Slots - 1));
    }

    [Fact]
    public async Task What_a_crowd_has_left_takes_no_memory()
    {
        using var journal = Journal.Create();
        var slots = new JournalSlots(journal);
        var taken = Enumerable.Range(0, 2000).Select(_ => slots.Take([])).ToArray();
        var crowded = await BlocksAsync(journal);
        foreach (var slot in taken)
            slots.Return(slot);
        Assert.InRange(await BlocksAsync(journal), 1, crowded / 4);
        foreach (var slot in taken)
            Assert.False(slots.IsWritten(slot));
        Assert.Equal(taken.Order(), taken.Select(_ => slots.Take([])).Order());
    }

    [Fact]
    public async Task At_rest_only_slots_in_use_take_memory()
    {
        using var journal = Journal.Create();
        var slots = new JournalSlots(journal);
        var empty = await BlocksAsync(journal);
        var kept = slots.Take([1, 2, 3]);
        var one = await BlocksAsync(journal);
        var taken = Enumerable.Range(0, 100).Select(_ => slots.Take([1, 2, 3])).ToArray();
        foreach (var slot in taken)
            slots.Return(slot);
        Assert.InRange(await BlocksAsync(journal), one + 1, int.MaxValue);
        slots.Rest();
        slots.Rest();
        Assert.Equal(one, await BlocksAsync(journal));
        Assert.InRange(one, empty + 1, int.MaxValue);
        Assert.True(slots.IsWritten(kept));
        foreach (var slot in taken)
            Assert.False(slots.IsWritten(slot));
        Assert.Equal(taken.Order(), taken.Select(_ => slots.Take([])).Order());
    }

    [Fact]
    public void Nothing_stays_open() => DescriptorLeak.Check(() =>
    {
        using var journal = Journal.Create();
        new JournalSlots(journal).Take([1, 2, 3]);
    });

    // The blocks of a file in memory are its pages that were made.
    private static async Task<int> BlocksAsync(Journal journal)
    {
        var end = await Programs.RunAsync("stat", "-L", "-c", "%b", $"/proc/{Environment.ProcessId}/fd/{journal.Descriptor.DangerousGetHandle()}");
        Assert.True(end.Code == 0, end.Error);
        return int.Parse(end.Output, CultureInfo.InvariantCulture);
    }
}
