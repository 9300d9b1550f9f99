using Trainyard.Integration.Native;
using Trainyard.Integration.Support;
using Xunit;

namespace Trainyard.Integration.Transfer;

/// <summary>What cannot be done fails with the exit code that says why, and what was there before is still there, alone.</summary>
public sealed class RefusalTests : IDisposable
{
    private const int LocalIO = 8;
    private const int NoSpace = 9;
    private const int Denied = 19;
    private const int Changed = 20;

    // Some of the way, and more than the kernel takes in advance.
    private const int Size = 12 << 20;

    private readonly TemporaryDirectory _directory = new();
    private readonly string _here;
    private readonly string _there;

    public RefusalTests() => (_here, _there) = (_directory.Sub("here"), _directory.Sub("there"));

    /// <summary>Root is refused nothing, so there it is somebody else who tries.</summary>
    private static IEnumerable<string> AsNobody(string program) =>
        Environment.IsPrivilegedProcess ? ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups", program] : [program];

    [Fact]
    public async Task A_full_disk_at_the_client()
    {
        await using var disk = await FullDisk.MountAsync(_directory["full"]);
        Cargo.Create(_directory, "there/f", Size);
        var file = Path.Combine(disk.Path, "f");
        File.WriteAllText(file, "old");
        await using var server = await RawSession.ServeAsync(_there, "--processes", "1");
        await FailsAsync(NoSpace, "get", $"train://127.0.0.1:{server.Port}/f", file);
        await FailsAsync(NoSpace, "get", "-r", $"train://127.0.0.1:{server.Port}/", disk.Path);
        Alone(disk.Path, "f", "old");
    }

    [Fact]
    public async Task A_full_disk_at_the_server()
    {
        await using var disk = await FullDisk.MountAsync(_directory["full"]);
        var file = Cargo.Create(_directory, "here/f", Size);
        File.WriteAllText(Path.Combine(disk.Path, "f"), "old");
        await using (var server = await RawSession.ServeAsync(disk.Path, "--processes", "1"))
        {
            await FailsAsync(NoSpace, "put", file, $"train://127.0.0.1:{server.Port}/f");
            await FailsAsync(NoSpace, "put", "-r", _here + "/", $"train://127.0.0.1:{server.Port}/");
            // Of unknown size: what cannot be reserved beforehand ends in the middle.
            using var process = Programs.Start("/bin/sh", "-c", $"cat '{file}' | '{Programs.Client}' put - train://127.0.0.1:{server.Port}/f");
            var end = await Programs.EndOfAsync(process);
            Assert.True(end.Code == NoSpace, $"exit code {end.Code}: {end.Error}");
            Alone(disk.Path, "f", "old");
        }
    }

    [Fact]
    public async Task Permission_denied_at_the_client()
    {
        Cargo.Create(_directory, "there/f", 1000);
        Open(_directory.Path);
        var file = Path.Combine(_here, "f");
        File.WriteAllText(file, "old");
        File.SetUnixFileMode(file, UnixFileMode.None);
        File.SetUnixFileMode(_here, UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.OtherExecute);
        await using var server = await RawSession.ServeAsync(_there, "--processes", "1");
        var address = $"train://127.0.0.1:{server.Port}/f";
        await FailsAsync(LocalIO, [.. AsNobody(Programs.Client), "get", address, file]);
        await FailsAsync(LocalIO, [.. AsNobody(Programs.Client), "put", file, address]);
        Assert.Equal(1000, new FileInfo(Path.Combine(_there, "f")).Length);
        File.SetUnixFileMode(_here, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        File.SetUnixFileMode(file, UnixFileMode.UserRead);
        Alone(_here, "f", "old");
    }

    [Fact]
    public async Task Permission_denied_at_the_server()
    {
        var mine = Cargo.Create(_directory, "here/f", 1000);
        var theirs = Path.Combine(_there, "f");
        File.WriteAllText(theirs, "old");
        File.SetUnixFileMode(theirs, UnixFileMode.None);
        Open(_directory.Path);
        File.SetUnixFileMode(_there, UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.OtherExecute | UnixFileMode.OtherRead);
        string[] command = [.. AsNobody(Programs.Server), "serve", _there, "--listen", "127.0.0.1:0", "--control", "none", "--processes", "1"];
        await using (var server = await RunningServer.StartProgramAsync(command[0], command[1..]))
        {
            var address = $"train://127.0.0.1:{server.Port}/f";
            await FailsAsync(Denied, "get", address, Path.Combine(_here, "g"));
            await FailsAsync(Denied, "put", mine, address);
            await FailsAsync(Denied, "rm", address);
            await FailsAsync(Denied, "mv", address, $"train://127.0.0.1:{server.Port}/g");
            await FailsAsync(Denied, "mkdir", $"train://127.0.0.1:{server.Port}/d");
            Assert.Single(Cargo.Everything(_here));
        }
        File.SetUnixFileMode(_there, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        File.SetUnixFileMode(theirs, UnixFileMode.UserRead);
        Alone(_there, "f", "old");
    }

    [Theory]
    [InlineData("rewritten", 1)]
    [InlineData("shortened", 1)]
    [InlineData("lengthened", 1)]
    [InlineData("rewritten", 100)]
    [InlineData("shortened", 100)]
    public async Task A_file_that_changes_while_it_is_fetched(string how, int times)
    {
        var source = Cargo.Create(_directory, "there/f", Size);
        var file = Path.Combine(_here, "f");
        File.WriteAllText(file, "old");
        await using var server = await RawSession.ServeAsync(_there, "--processes", "1");
        long passed = 0;
        using var proxy = new Proxy(server.Port, () => (toClient, bytes) =>
        {
            passed += toClient ? bytes.Length : 0;
            if (passed > Size / 4 && times-- > 0)
            {
                passed = 0;
                Change(source, how);
            }
            return Proxy.Course.Pass;
        });
        string[] command = ["get", $"train://127.0.0.1:{proxy.Port}/f", file, "--retry", "20"];
        if (times == 1)
        {
            var end = await Programs.RunAsync(Programs.Client, command);
            Assert.True(end.Code == 0, $"exit code {end.Code}: {end.Error}");
            Assert.True(Cargo.Same(source, file));
            Assert.Single(Cargo.Everything(_here));
            return;
        }
        await FailsAsync(Changed, command);
        Alone(_here, "f", "old");
    }

    [Fact]
    public async Task A_file_that_is_replaced_while_it_is_fetched_is_the_one_or_the_other()
    {
        var source = Cargo.Create(_directory, "there/f", Size);
        Cargo.Create(_directory, "0", Size);
        File.Copy(source, _directory["1"]);
        await using var server = await RawSession.ServeAsync(_there, "--processes", "1");
        long passed = 0;
        using var proxy = new Proxy(server.Port, () => (toClient, bytes) =>
        {
            var before = passed;
            passed += toClient ? bytes.Length : 0;
            if (before >= Size / 4 || passed < Size / 4)
                return Proxy.Course.Pass;
            File.Move(_directory["0"], source, overwrite: true);
            // The rest is asked for by the identity of what is gone.
            return passed % 2 == 0 ? Proxy.Course.Cut : Proxy.Course.Pass;
        });
        var file = Path.Combine(_here, "f");
        var end = await Programs.RunAsync(Programs.Client, "get", $"train://127.0.0.1:{proxy.Port}/f", file);
        Assert.True(end.Code == 0, $"exit code {end.Code}: {end.Error}");
        Assert.True(Cargo.Same(source, file) || Cargo.Same(_directory["1"], file));
        Assert.Single(Cargo.Everything(_here));
    }

    [Theory]
    [InlineData("rewritten")]
    [InlineData("shortened")]
    [InlineData("lengthened")]
    public async Task A_file_that_changes_while_it_is_sent(string how)
    {
        var source = Cargo.Create(_directory, "here/f", Size);
        File.WriteAllText(Path.Combine(_there, "f"), "old");
        await using var server = await RawSession.ServeAsync(_there, "--processes", "1");
        long passed = 0;
        using var proxy = new Proxy(server.Port, () => (toClient, bytes) =>
        {
            var before = passed;
            passed += toClient ? 0 : bytes.Length;
            if (before < Size / 4 && passed >= Size / 4)
                Change(source, how);
            return Proxy.Course.Pass;
        });
        await FailsAsync(Changed, "put", source, $"train://127.0.0.1:{proxy.Port}/f");
        await Until.HoldsAsync(() => Cargo.Everything(_there).Count == 1, () => string.Join(", ", Cargo.Everything(_there)));
        Alone(_there, "f", "old");
    }

    /// <inheritdoc/>
    public void Dispose() => _directory.Dispose();

    private static void Change(string path, string how)
    {
        switch (how)
        {
            case "rewritten":
                using (var file = File.OpenWrite(path))
                    file.Write(Guid.NewGuid().ToByteArray());
                return;
            default:
                using (var file = File.OpenWrite(path))
                    file.SetLength(how == "shortened" ? file.Length - (Size / 50) : file.Length + 1000);
                return;
        }
    }

    private static void Open(string directory) =>
        File.SetUnixFileMode(directory, File.GetUnixFileMode(directory) | UnixFileMode.OtherExecute | UnixFileMode.OtherRead);

    private static async Task FailsAsync(int code, params string[] command)
    {
        var end = command[0] is "setpriv" || command[0] == Programs.Client
            ? await Programs.RunAsync(command[0], command[1..])
            : await Programs.RunAsync(Programs.Client, command);
        Assert.True(end.Code == code, $"exit code {end.Code}, not {code}: {end.Error}");
        Assert.StartsWith("trainyard: ", end.Error, StringComparison.Ordinal);
    }

    private static void Alone(string directory, string name, string content)
    {
        Assert.Equal([name], Directory.EnumerateFiles(directory, "*", new EnumerationOptions { AttributesToSkip = 0 }).Select(Path.GetFileName));
        Assert.Equal(content, File.ReadAllText(Path.Combine(directory, name)));
    }
}
