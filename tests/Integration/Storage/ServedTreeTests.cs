using System.Text;
using Trainyard.Core.Protocol;
using Trainyard.Integration.Support;
using Trainyard.Shell.Linux;
using Trainyard.Shell.Storage;
using Xunit;

namespace Trainyard.Integration.Storage;

/// <summary>Nothing outside the root is read, listed, changed or made, whatever a path or a link says.</summary>
public sealed class ServedTreeTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly ServedTree _tree;

    public ServedTreeTests()
    {
        Directory.CreateDirectory(_directory["root/sub"]);
        Directory.CreateDirectory(_directory["outside"]);
        File.WriteAllText(_directory["outside/secret"], "secret");
        File.WriteAllText(_directory["root/sub/file"], "file");
        _tree = ServedTree.Open(_directory["root"], readOnly: false);
    }

    public static TheoryData<string> WaysOut => ["../outside", "sub/../../outside", "/proc/self/root", "/proc/self/cwd", "/"];

    [Theory]
    [MemberData(nameof(WaysOut))]
    public void A_link_that_leads_out_is_seen_and_never_followed(string target) => DescriptorLeak.Check(() =>
    {
        Assert.Null(_tree.MakeLink(PathOf("out"), Encoding.UTF8.GetBytes(target), modified: null, noClobber: false));
        Assert.Equal((EntryKind.Link, target), Seen("out"));
        Assert.Equal(ErrorCode.NotServed, _tree.OpenFile(PathOf("out"), default).Failure?.Code);
        Assert.Equal(ErrorCode.NotServed, _tree.OpenFile(PathOf("out/secret"), default).Failure?.Code);
        Assert.Equal(ErrorCode.NotServed, _tree.List(PathOf("out"), recursive: true, after: null).Value!.Next(100_000).Failure?.Code);
        Assert.Equal(ErrorCode.NotServed, _tree.Stat(PathOf("out/secret")).Failure?.Code);
        Assert.Equal(ErrorCode.NotServed, _tree.MakeDirectory(PathOf("out/d"), mode: null, parents: true)?.Code);
        Assert.Equal(ErrorCode.NotServed, _tree.Remove(PathOf("out/secret"), default)?.Code);
        Assert.Equal(ErrorCode.NotServed, _tree.Move(PathOf("sub/file"), PathOf("out/f"), noClobber: false, default)?.Code);
        Assert.Equal(ErrorCode.NotServed, _tree.Move(PathOf("out/secret"), PathOf("sub/s"), noClobber: false, default)?.Code);
        Assert.Equal(ErrorCode.NotServed, _tree.MakeLink(PathOf("out/l"), "x"u8, modified: null, noClobber: false)?.Code);
        Assert.Equal(ErrorCode.NotServed, _tree.SetAttributes(PathOf("out"), modified: 0, mode: 0)?.Code);
        Assert.Equal(ErrorCode.NotServed, _tree.SetAttributes(PathOf("out/secret"), modified: 0, mode: 0)?.Code);
        Assert.Equal(ErrorCode.NotServed, _tree.BeginUpload(UploadTests.Put("out/u", 1), HashAlgorithm.Xxh128, ServedTree.NewToken()).Failure?.Code);
        Assert.Equal(["secret"], Directory.GetFileSystemEntries(_directory["outside"]).Select(path => Path.GetFileName(path)));
        Assert.Equal("secret", File.ReadAllText(_directory["outside/secret"]));
    });

    [Fact]
    public void An_upload_over_a_link_that_leads_out_replaces_the_link()
    {
        File.CreateSymbolicLink(_directory["root/out"], "../outside/secret");
        using (var upload = _tree.BeginUpload(UploadTests.Put("out", 3), HashAlgorithm.Xxh128, ServedTree.NewToken()).Value!)
        {
            Assert.Null(upload.Write("new"u8));
            Assert.NotNull(upload.Commit(3, UploadTests.Digest("new"u8)).Value);
        }
        Assert.Equal(("secret", "new"), (File.ReadAllText(_directory["outside/secret"]), File.ReadAllText(_directory["root/out"])));
        Assert.Equal(EntryKind.File, Seen("out").Kind);
    }

    [Fact]
    public void A_link_that_is_swapped_all_the_time_never_leads_out()
    {
        var seconds = Environment.GetEnvironmentVariable("TRAINYARD_LONG") == "1" ? 10 : 2;
        Directory.CreateDirectory(_directory["root/inside"]);
        File.WriteAllText(_directory["root/inside/secret"], "public");
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(seconds));
        using var root = Libc.Open(FileDescriptor.WorkingDirectory, Encoding.UTF8.GetBytes(_directory["root"]), OpenFlags.Directory).OrThrow("openat");
        var swapper = new Thread(() =>
        {
            for (var round = 0; !stop.IsCancellationRequested; round++)
            {
                if (round % 3 == 2)
                    Libc.MakeDirectory(root, "next"u8, 0b111_000_000);
                else
                    Libc.MakeSymbolicLink(round % 3 == 0 ? "../outside"u8 : "inside"u8, root, "next"u8);
                if (Libc.Rename(root, "next"u8, root, "door"u8) == Errno.None)
                    continue;
                Libc.Unlink(root, "door"u8);
                Libc.RemoveDirectory(root, "door"u8);
                Libc.Rename(root, "next"u8, root, "door"u8);
            }
        });
        swapper.Start();
        var (read, made) = (0, 0);
        var buffer = new byte[16];
        try
        {
            while (!stop.IsCancellationRequested)
            {
                if (_tree.OpenFile(PathOf("door/secret"), default).Value is { } file)
                {
                    using (file)
                        Assert.Equal("public", Encoding.UTF8.GetString(buffer, 0, (int)Libc.ReadAt(file.Descriptor, buffer, 0).Count));
                    read++;
                }
                if (_tree.MakeDirectory(PathOf("door/made"), mode: null, parents: false) is null)
                    made++;
                _ = _tree.Remove(PathOf("door/made"), default);
                using var upload = _tree.BeginUpload(UploadTests.Put("door/up", 1), HashAlgorithm.Xxh128, ServedTree.NewToken()).Value;
                if (upload is not null && upload.Write("x"u8) is null)
                    _ = upload.Commit(1, UploadTests.Digest("x"u8));
            }
        }
        finally
        {
            stop.Cancel();
            swapper.Join();
        }
        Assert.True(read > 0 && made > 0, "The race was never run.");
        Assert.Equal(["secret"], Directory.GetFileSystemEntries(_directory["outside"]).Select(path => Path.GetFileName(path)));
    }

    [Fact]
    public void Devices_pipes_and_sockets_are_seen_and_never_opened()
    {
        Assert.Equal(0, CCompiler.Run("mkfifo", _directory["root/pipe"]).Code);
        using var listener = new System.Net.Sockets.Socket(System.Net.Sockets.AddressFamily.Unix, System.Net.Sockets.SocketType.Stream, 0);
        listener.Bind(new System.Net.Sockets.UnixDomainSocketEndPoint(_directory["root/socket"]));
        string[] names = CCompiler.Run("mknod", _directory["root/device"], "c", "1", "3").Code == 0 ? ["pipe", "socket", "device"] : ["pipe", "socket"];
        foreach (var name in names)
        {
            Assert.Equal(EntryKind.Other, Seen(name).Kind);
            // Opening a pipe without a writer would wait for one.
            Assert.Equal(ErrorCode.NotServed, _tree.OpenFile(PathOf(name), default).Failure?.Code);
            Assert.Equal(ErrorCode.NotServed, _tree.BeginUpload(UploadTests.Put(name, 1), HashAlgorithm.Xxh128, ServedTree.NewToken()).Failure?.Code);
            Assert.Equal(ErrorCode.NotServed, _tree.SetAttributes(PathOf(name), modified: 0, mode: null)?.Code);
        }
    }

    [Fact]
    public void Odd_names_go_round()
    {
        byte[][] names = [[0xff, 0xfe], [.. "new\nline"u8], [.. " "u8], [.. Enumerable.Repeat((byte)'x', 255)], [.. "..."u8], [.. "-rf *"u8]];
        foreach (var name in names)
        {
            var path = (RemotePath)RemotePath.Create([.. "sub/"u8, .. name]).Case;
            var put = UploadTests.Put("x", name.Length) with { Path = path };
            using (var upload = _tree.BeginUpload(put, HashAlgorithm.Xxh128, ServedTree.NewToken()).Value!)
            {
                Assert.Null(upload.Write(name));
                Assert.NotNull(upload.Commit(name.Length, UploadTests.Digest(name)).Value);
            }
            using var file = _tree.OpenFile(path, default).Value!;
            var content = new byte[name.Length];
            Assert.True(file.Read(content, 0));
            Assert.Equal(name, content);
        }
        using var listing = _tree.List(PathOf("sub"), recursive: false, after: null).Value!;
        var listed = listing.Next(100_000).Value.Select(static entry => Convert.ToHexString(entry.Path!.Span[4..]));
        Assert.Equal(names.Append([.. "file"u8]).Select(Convert.ToHexString).Order(StringComparer.Ordinal), listed);
    }

    [Fact]
    public void The_store_s_own_names_are_refused_and_never_listed()
    {
        using var upload = _tree.BeginUpload(UploadTests.Put("sub/big", null), HashAlgorithm.Xxh128, ServedTree.NewToken()).Value!;
        var own = Path.GetFileName(Cargo.Everything(_directory["root/sub"])[0]);
        Assert.StartsWith(".trainyard-", own, StringComparison.Ordinal);
        foreach (var path in (string[])[$"sub/{own}", ".trainyard-hashes/x", ".trainyard-"])
        {
            Assert.Equal(ErrorCode.NotServed, _tree.OpenFile(PathOf(path), default).Failure?.Code);
            Assert.Equal(ErrorCode.NotServed, _tree.Stat(PathOf(path)).Failure?.Code);
            Assert.Equal(ErrorCode.NotServed, _tree.Remove(PathOf(path), default)?.Code);
            Assert.Equal(ErrorCode.NotServed, _tree.Move(PathOf("sub/file"), PathOf(path), noClobber: false, default)?.Code);
            Assert.Equal(ErrorCode.NotServed, _tree.Move(PathOf(path), PathOf("sub/stolen"), noClobber: false, default)?.Code);
            Assert.Equal(ErrorCode.NotServed, _tree.MakeDirectory(PathOf(path), mode: null, parents: true)?.Code);
            Assert.Equal(ErrorCode.NotServed, _tree.List(PathOf(path), recursive: false, after: null).Failure?.Code);
        }
        using var listing = _tree.List(null, recursive: true, after: null).Value!;
        string[] listed = [.. listing.Next(100_000).Value.AsEnumerable().Select(static entry => entry.Path!.Display)];
        Assert.Equal(["sub", "sub/file"], listed);
    }

    public void Dispose()
    {
        _tree.Dispose();
        _directory.Dispose();
    }

    private static RemotePath PathOf(string path) => UploadTests.PathOf(path);

    private (EntryKind Kind, string Target) Seen(string path)
    {
        var entry = _tree.Stat(PathOf(path)).Value!;
        return (entry.Kind, Encoding.UTF8.GetString(entry.Target.Span));
    }
}
