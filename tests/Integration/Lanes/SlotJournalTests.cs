using System.Diagnostics;
using System.Globalization;
using System.Text;
using LanguageExt;
using Trainyard.Core.Custody;
using Trainyard.Core.Protocol;
using Trainyard.Integration.Support;
using Trainyard.Shell.Lanes;
using Trainyard.Shell.Linux;
using Xunit;

namespace Trainyard.Integration.Lanes;

/// <summary>A process that writes into many slots at once is killed wherever it is: each holds a whole entry, and the next process goes on with it.</summary>
public sealed class SlotJournalTests
{
    private const string WhereToWrite = "TRAINYARD_TEST_JOURNAL";

    // Many more threads than processors: most of them are stopped somewhere within a write when the process dies.
    private const int Writers = 48;
    private static readonly int Kills = LongRun.Or(50, 2);

    [Fact]
    public async Task Whoever_is_killed_while_he_writes_leaves_a_whole_entry()
    {
        using var journal = Journal.Create();
        var newest = new ulong[Writers];
        for (var kill = 0; kill < Kills; kill++)
        {
            using var writer = Start(journal);
            try
            {
                await Until.HoldsAsync(() => Enumerable.Range(0, Writers).All(slot => SequenceOf(journal, slot) > newest[slot] + 10), "every thread writes");
            }
            finally
            {
                writer.Kill();
                await writer.WaitForExitAsync(TestContext.Current.CancellationToken);
            }
            for (var slot = 0; slot < Writers; slot++)
            {
                var record = (JournalRecord)journal.At(slot)!.Read().Case!;
                Assert.Equal(EntryOf(record.Sequence, slot), record.Entry);
                Assert.True(record.Sequence > newest[slot], "the next process has begun anew");
                newest[slot] = record.Sequence;
            }
        }
    }

    [Fact(Explicit = true)]
    public void The_process_that_is_killed()
    {
        var where = Environment.GetEnvironmentVariable(WhereToWrite);
        Assert.SkipWhen(where is null, "Started by the other test only.");
        using var journal = Journal.Open(
            Libc.Open(FileDescriptor.WorkingDirectory, Encoding.ASCII.GetBytes(where!), OpenFlags.ReadWrite).OrThrow("openat"));
        var threads = Enumerable.Range(0, Writers).Select(slot => new Thread(() => WriteForEver(journal, slot))).ToArray();
        Array.ForEach(threads, static thread => thread.Start());
        Array.ForEach(threads, static thread => thread.Join());
    }

    private static void WriteForEver(Journal journal, int slot)
    {
        var own = journal.At(slot)!;
        for (var sequence = ((JournalRecord)own.Read().Case!).Sequence + 1; ; sequence++)
            own.Write(EntryOf(sequence, slot));
    }

    private static JournalEntry EntryOf(ulong sequence, int slot)
    {
        var fill = new byte[(int)(sequence * 37 % 2000)];
        fill.AsSpan().Fill((byte)sequence);
        var answers = new JournalAnswer[sequence % 4];
        Array.Fill(answers, new JournalAnswer.Literal(new(fill.AsSpan(0, fill.Length / 5))));
        return new((long)sequence, fill.Length + slot, null, new Arr<JournalAnswer>(answers), new Opaque(fill));
    }

    private static ulong SequenceOf(Journal journal, int slot) => Math.Max(journal.Sequence(slot, 0), journal.Sequence(slot, JournalSlot.CopyLength));

    // It opens our memory as a worker inherits it: the same pages.
    private static Process Start(Journal journal) =>
        Process.Start(new ProcessStartInfo(Environment.ProcessPath!, ["-explicit", "only", "-class", typeof(SlotJournalTests).FullName!])
        {
            Environment =
            {
                [WhereToWrite] = string.Create(
                    CultureInfo.InvariantCulture, $"/proc/{Environment.ProcessId}/fd/{journal.Descriptor.DangerousGetHandle()}"),
            },
            RedirectStandardOutput = true,
        })!;
}
