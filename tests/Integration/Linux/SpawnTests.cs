using System.Runtime.InteropServices;
using System.Text;
using Trainyard.Integration.Support;
using Trainyard.Shell.Linux;
using Xunit;

namespace Trainyard.Integration.Linux;

public class SpawnTests
{
    // Says over descriptor 3: what is open, which signals are ignored or blocked, the arguments and one variable.
    private const string Reporter = """
        #include <dirent.h>
        #include <signal.h>
        #include <stdio.h>
        #include <stdlib.h>
        #include <string.h>
        #include <unistd.h>
        int main(int argc, char **argv)
        {
            char open[512] = "open", line[4096], target[256];
            DIR *directory = opendir("/proc/self/fd");
            for (int fd = 0; fd < 1024; fd++)
                if (fd != dirfd(directory) && (lseek(fd, 0, SEEK_CUR), snprintf(line, sizeof line, "/proc/self/fd/%d", fd)) &&
                    readlink(line, target, sizeof target) > 0)
                    sprintf(open + strlen(open), " %d", fd);
            int ignored = 0, blocked = 0;
            sigset_t mask;
            sigprocmask(SIG_BLOCK, NULL, &mask);
            for (int signal = 1; signal < 32; signal++) {
                struct sigaction action;
                sigaction(signal, NULL, &action);
                ignored += action.sa_handler != SIG_DFL;
                blocked += sigismember(&mask, signal);
            }
            ssize_t length = readlink("/proc/self/fd/0", target, sizeof target - 1);
            target[length < 0 ? 0 : length] = 0;
            snprintf(line, sizeof line, "%s; stdin %s; ignored %d; blocked %d; %d %s; %s", open, target, ignored, blocked,
                     argc, argv[argc - 1], getenv("YARD") ? getenv("YARD") : "none");
            return write(3, line, strlen(line)) < 0;
        }
        """;

    [Fact]
    public void A_child_has_its_lane_and_nothing_else()
    {
        using var directory = new TemporaryDirectory();
        var program = CCompiler.Compile(directory, "reporter", Reporter);
        // Open without close-on-exec, as a library might leave one: closed all the same.
        using var stray = LeftOpen();
        DescriptorLeak.Check(() =>
        {
            var (near, far) = Libc.SocketPair(LaneKind.Packets, nonBlocking: false);
            using (near)
            {
                var child = Run(program, ["train", "größe"], new Dictionary<string, string> { ["YARD"] = "a b" }, (far, 3));
                far.Dispose();
                Assert.Equal("open 0 1 2 3; stdin /dev/null; ignored 0; blocked 0; 3 größe; a b", ReadText(near));
                Assert.Equal(new ProcessStatus(ProcessState.Exited, 0), child);
            }
        });
    }

    [Fact]
    public void The_environment_is_ours_unless_given()
    {
        using var directory = new TemporaryDirectory();
        var program = CCompiler.Compile(directory, "reporter", Reporter);
        var (near, far) = Libc.SocketPair(LaneKind.Packets, nonBlocking: false);
        Environment.SetEnvironmentVariable("YARD", "inherited");
        using (near)
        using (far)
        {
            Run(program, [], null, (far, 3));
            Assert.EndsWith("; inherited", ReadText(near), StringComparison.Ordinal);
        }
        Environment.SetEnvironmentVariable("YARD", null);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Numbers_that_collide_arrive_where_they_were_meant(bool sourcesAreTargets)
    {
        var (first, second) = (Libc.CreateEvent(), Libc.CreateEvent());
        var (near, far) = Libc.SocketPair(LaneKind.Packets, nonBlocking: false);
        using (first)
        using (second)
        using (near)
        using (far)
        {
            // Each source occupies the other's target; or the targets are what a duplicate would get next.
            var (firstNumber, secondNumber) = sourcesAreTargets ? (Number(first), Number(second)) : NextTwoNumbers();
            Libc.SignalEvent(second);
            Assert.NotEqual(3, firstNumber);
            Assert.NotEqual(3, secondNumber);
            var script = $"read x < /dev/null; readlink /proc/self/fd/{firstNumber} /proc/self/fd/{secondNumber} >&3; "
                + $"grep eventfd-count /proc/self/fdinfo/{firstNumber} >&3";
            Run("/bin/sh", ["-c", script], null, (first, secondNumber), (second, firstNumber), (far, 3));
            Assert.Equal("anon_inode:[eventfd]\nanon_inode:[eventfd]\n", ReadText(near));
            Assert.Matches(@"eventfd-count:\s+1\n", ReadText(near));
        }
    }

    [Fact]
    public void One_source_may_go_to_several_numbers()
    {
        var (near, far) = Libc.SocketPair(LaneKind.Packets, nonBlocking: false);
        using (near)
        using (far)
        {
            Run("/bin/sh", ["-c", "echo a >&3; echo b >&7"], null, (far, 3), (far, 7));
            Assert.Equal("a\n", ReadText(near));
            Assert.Equal("b\n", ReadText(near));
        }
    }

    [Fact]
    public void A_program_that_is_not_there_is_a_value() => DescriptorLeak.Check(() =>
    {
        using var counter = Libc.CreateEvent();
        var spawned = Libc.Spawn("/no/such/program", [], null, [(counter, 3)]);
        Assert.Equal(new(0, Errno.NoEntry), spawned);
        Assert.False(spawned.IsOk);
        Assert.Equal(Errno.AccessDenied, Libc.Spawn("/etc/passwd", [], null, []).Error);
    });

    [Fact]
    public void Standard_numbers_cannot_be_given_away()
    {
        using var counter = Libc.CreateEvent();
        Assert.Throws<ArgumentOutOfRangeException>(() => Libc.Spawn("/bin/true", [], null, [(counter, 2)]));
        Assert.Throws<ArgumentException>(() => Libc.Spawn("/bin/true", ["a\0b"], null, []));
    }

    [Fact]
    public void An_inherited_descriptor_is_adopted_close_on_exec()
    {
        int number;
        using (var stray = LeftOpen())
        {
            number = Number(stray);
            stray.SetHandleAsInvalid();
        }
        using (var adopted = Libc.Adopt<EventDescriptor>(number).OrThrow("fcntl"))
        {
            var flags = File.ReadLines($"/proc/self/fdinfo/{number}").First(line => line.StartsWith("flags:", StringComparison.Ordinal));
            Assert.NotEqual(0, Convert.ToInt32(flags[6..].Trim(), 8) & Libc.OpenCloseOnExec);
            Libc.SignalEvent(adopted);
            Assert.Equal(1ul, Libc.DrainEvent(adopted));
        }
        Assert.Equal(Errno.BadDescriptor, Libc.Adopt<EventDescriptor>(number).Error);
    }

    private static ProcessStatus Run(
        string program, string[] arguments, Dictionary<string, string>? environment, params (SafeHandle, int)[] inherited)
    {
        var spawned = Libc.Spawn(program, arguments, environment, inherited);
        Assert.True(spawned.IsOk, ErrnoText.Describe(spawned.Error));
        using var child = Libc.OpenProcess(spawned.ProcessId).OrThrow("pidfd_open");
        return Libc.Wait(child, wait: true);
    }

    private static string ReadText(SocketDescriptor socket)
    {
        var buffer = new byte[4096];
        return Encoding.UTF8.GetString(buffer, 0, (int)Libc.Receive(socket, buffer, MessageFlags.DontWait).Count);
    }

    private static int Number(Descriptor descriptor)
    {
        using var held = new HeldDescriptor(descriptor);
        return held.Number;
    }

    private static (int, int) NextTwoNumbers()
    {
        using var first = Libc.CreateEvent();
        using var second = Libc.CreateEvent();
        return (Number(first), Number(second));
    }

    [DllImport("libc")]
    private static extern int dup(int fd);

    private static EventDescriptor LeftOpen()
    {
        using var source = Libc.CreateEvent();
        var owner = new EventDescriptor();
        Marshal.InitHandle(owner, dup(Number(source)));
        return owner;
    }
}
