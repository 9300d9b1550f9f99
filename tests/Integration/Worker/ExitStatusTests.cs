using Trainyard.Core.Lane;
using Trainyard.Core.Textbook;
using Trainyard.Integration.Support;
using Trainyard.Shell;
using Trainyard.Shell.Lanes;
using Trainyard.Shell.Linux;
using Trainyard.Shell.Serving;
using Xunit;

namespace Trainyard.Integration.Worker;

/// <summary>How real worker processes end, with the test as their master.</summary>
public sealed class ExitStatusTests
{
    private static readonly Settings Echo = new ServiceSettings(
        TextbookService.Name, new TextbookSettings(Dialect.Echo, SendStrategy.Copy, null, "").Encode()).Encode();

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void A_worker_that_was_told_to_leave_ends_with_0(int threads)
    {
        using var worker = Spawned(Programs.Server);
        worker.Lane.Send(new LaneMessage.Configure(0, threads, 3, Echo));
        Assert.NotEqual(PollEvents.None, Libc.Poll(worker.Lane.Socket, PollEvents.Readable, 60_000));
        Assert.Equal(new LaneMessage.Ready(threads * 3), Assert.IsType<LaneReceipt.Message>(worker.Lane.Receive()).Content);
        worker.Lane.Send(new LaneMessage.Exit(HandOver: false));
        Assert.Equal(new ProcessStatus(ProcessState.Exited, 0), worker.Wait());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void A_worker_whose_master_is_gone_ends_with_0(int threads)
    {
        using var worker = Spawned(Programs.Server);
        worker.Lane.Send(new LaneMessage.Configure(0, threads, 1, Echo));
        worker.Lane.Dispose();
        Assert.Equal(new ProcessStatus(ProcessState.Exited, 0), worker.Wait());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Settings_that_are_not_understood_end_it_with_78(int threads)
    {
        using var worker = Spawned(Programs.Server);
        worker.Lane.Send(new LaneMessage.Configure(0, threads, 1, new Settings([99])));
        Assert.Equal(new ProcessStatus(ProcessState.Exited, 78), worker.Wait());
    }

    [Fact]
    public void Threads_that_cannot_be_had_end_it_with_70()
    {
        // Each thread needs three descriptors of its own.
        using var worker = Spawned("/bin/sh", "-c", "ulimit -n 100; exec \"$0\" \"$@\"", Programs.Server);
        worker.Lane.Send(new LaneMessage.Configure(0, 100, 1, Echo));
        Assert.Equal(new ProcessStatus(ProcessState.Exited, 70), worker.Wait());
    }

    private static Child Spawned(string program, params IReadOnlyList<string> arguments)
    {
        var (lane, theirs) = LaneChannel.CreatePair();
        using (theirs)
        {
            var scoreboard = Scoreboard.Create();
            using var journal = Journal.Create();
            var spawned = Libc.Spawn(
                program,
                [.. arguments, WorkerEntry.Flag],
                environment: null,
                [
                    (theirs, WorkerEntry.LaneNumber), (scoreboard.Descriptor, WorkerEntry.ScoreboardNumber),
                    (journal.Descriptor, WorkerEntry.JournalNumber),
                ]);
            Assert.True(spawned.IsOk);
            return new Child(lane, scoreboard, Libc.OpenProcess(spawned.ProcessId).OrThrow("pidfd_open"));
        }
    }

    private sealed record Child(LaneChannel Lane, Scoreboard Scoreboard, ProcessDescriptor Process) : IDisposable
    {
        private bool _ended;

        public ProcessStatus Wait()
        {
            Assert.NotEqual(PollEvents.None, Libc.Poll(Process, PollEvents.Readable, 60_000));
            _ended = true;
            return Libc.Wait(Process, wait: true);
        }

        public void Dispose()
        {
            if (!_ended)
            {
                _ = Libc.SendSignal(Process, Signal.Kill);
                Libc.Wait(Process, wait: true);
            }
            Lane.Dispose();
            Scoreboard.Dispose();
            Process.Dispose();
        }
    }
}
