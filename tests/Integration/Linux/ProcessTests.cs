using Trainyard.Integration.Support;
using Trainyard.Shell.Linux;
using Xunit;

namespace Trainyard.Integration.Linux;

public class ProcessTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(255)]
    public void An_exit_code_is_told(int code) => DescriptorLeak.Check(() =>
    {
        using var child = Start($"exit {code}");
        Assert.Equal(new(ProcessState.Exited, code), Libc.Wait(child, wait: true));
    });

    [Theory]
    [InlineData(Signal.Kill)]
    [InlineData(Signal.Terminate)]
    [InlineData(Signal.User2)]
    internal void A_deadly_signal_is_told(Signal signal) => DescriptorLeak.Check(() =>
    {
        using var child = Start("sleep 60 & wait");
        Assert.Equal(Errno.None, Libc.SendSignal(child, signal));
        Assert.Equal(new(ProcessState.Killed, (int)signal), Libc.Wait(child, wait: true));
    });

    [Fact]
    public void A_running_child_is_running_and_its_end_is_readable()
    {
        using var child = Start("exec sleep 60");
        Assert.Equal(new(ProcessState.Running, 0), Libc.Wait(child, wait: false));
        Assert.Equal(PollEvents.None, Libc.Poll(child, PollEvents.Readable, 0));
        Libc.SendSignal(child, Signal.Kill);
        Assert.Equal(PollEvents.Readable, Libc.Poll(child, PollEvents.Readable, 60_000));
        Assert.Equal(Errno.None, Libc.SendSignal(child, Signal.None));
        Assert.Equal(new(ProcessState.Killed, (int)Signal.Kill), Libc.Wait(child, wait: false));
        Assert.Equal(Errno.NoProcess, Libc.SendSignal(child, Signal.None));
        Assert.Equal(new(ProcessState.Lost, 0), Libc.Wait(child, wait: false));
    }

    [Fact]
    public void A_process_that_is_not_there_is_a_value()
    {
        Assert.Equal(Errno.NoProcess, Libc.OpenProcess(int.MaxValue).Error);
    }

    private static ProcessDescriptor Start(string script) =>
        Libc.OpenProcess(Libc.Spawn("/bin/sh", ["-c", script], null, []).ProcessId).OrThrow("pidfd_open");
}
