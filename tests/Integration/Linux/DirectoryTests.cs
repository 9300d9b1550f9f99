using System.Text;
using Trainyard.Integration.Support;
using Trainyard.Shell.Linux;
using Xunit;

namespace Trainyard.Integration.Linux;

public sealed class DirectoryTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly FileDescriptor _root;

    public DirectoryTests() => _root = _directory.Open();

    [Fact]
    public void Every_name_comes_once_as_bytes()
    {
        byte[][] odd = [[0xff, 0xfe], [.. "new\nline"u8], [.. "blank "u8], [.. Enumerable.Repeat((byte)'x', 255)], [1, 2, 3], [.. "..."u8]];
        foreach (var name in odd)
            Make(name);
        for (var i = 0; i < 300; i++)
            Make(Encoding.ASCII.GetBytes($"{i}"));
        var expected = odd.Select(Convert.ToHexString).Concat(Enumerable.Range(0, 300).Select(i => Convert.ToHexString(Encoding.ASCII.GetBytes($"{i}"))));

        var names = new List<string>();
        var buffer = new byte[Libc.LongestEntry];
        while (Libc.ReadDirectory(_root, buffer) is { IsOk: true, Count: > 0 } read)
        {
            var entries = new DirectoryEntries(buffer.AsSpan(0, (int)read.Count));
            while (entries.MoveNext())
            {
                Assert.Equal(FileType.Regular, entries.Type);
                names.Add(Convert.ToHexString(entries.Name));
            }
        }
        Assert.Equal(expected.Order(), names.Order());
    }

    [Fact]
    public void A_directory_that_was_removed_says_so()
    {
        Directory.CreateDirectory(_directory["gone"]);
        using var gone = Libc.Open(_root, "gone"u8, OpenFlags.Directory).OrThrow("openat");
        Directory.Delete(_directory["gone"]);
        Assert.Equal(Errno.NoEntry, Libc.ReadDirectory(gone, new byte[Libc.LongestEntry]).Error);
    }

    [Fact]
    public void A_damaged_buffer_ends_the_walk()
    {
        var entries = new DirectoryEntries(Enumerable.Repeat((byte)0xff, 40).ToArray());
        Assert.False(entries.MoveNext());
        entries = new DirectoryEntries(new byte[40]);
        Assert.False(entries.MoveNext());
    }

    [Fact]
    public void A_link_keeps_what_it_was_given()
    {
        byte[] target = [.. "no/where\n"u8, 0xff];
        Assert.Equal(Errno.None, Libc.MakeSymbolicLink(target, _root, "link"u8));
        var buffer = new byte[100];
        Assert.Equal(new(target.Length, Errno.None), Libc.ReadLink(_root, "link"u8, buffer));
        Assert.Equal(target, buffer[..target.Length]);
        using (var itself = Libc.Open(_root, "link"u8, OpenFlags.Path | OpenFlags.NoFollow).OrThrow("openat"))
            Assert.Equal(target.Length, Libc.ReadLink(itself, [], buffer).Count);
        Assert.Equal(Errno.Exists, Libc.MakeSymbolicLink(target, _root, "link"u8));
        Assert.Equal(Errno.NoEntry, Libc.MakeSymbolicLink([], _root, "empty"u8));
        Assert.Equal(Errno.IllegalByteSequence, Libc.MakeSymbolicLink("\0"u8, _root, "zero"u8));
        Make("file"u8);
        Assert.Equal(Errno.InvalidArgument, Libc.ReadLink(_root, "file"u8, buffer).Error);
    }

    [Fact]
    public void Times_before_and_after_1970_are_set_to_the_nanosecond()
    {
        using var file = _directory.OpenNew("f", "abc"u8);
        Libc.MakeSymbolicLink("f"u8, _root, "link"u8);
        foreach (var time in (long[])[0, 1, -1, 1_700_000_000_123_456_789, -1_500_000_000_000_000_001])
        {
            Assert.Equal(Errno.None, Libc.SetModified(file, time));
            Assert.Equal(time, Libc.Status(file).ModifiedNs);
            Assert.Equal(Errno.None, Libc.SetModifiedOf(_root, "link"u8, time - 5));
            Assert.Equal(Errno.None, Libc.StatusOf(_root, "link"u8, out var link));
            Assert.Equal((FileType.SymbolicLink, time - 5), (link.Type, link.ModifiedNs));
        }
        Assert.Equal(Errno.NoEntry, Libc.SetModifiedOf(_root, "absent"u8, 0));
    }

    [Fact]
    public void Modes_are_set_on_files_that_need_not_be_readable()
    {
        using var file = _directory.OpenNew("f", []);
        Assert.Equal(Errno.None, Libc.SetMode(file, 0b100_111_000_000));
        Assert.Equal(0b100_111_000_000, Libc.Status(file).Permissions);
        using var handle = Libc.Open(_root, "f"u8, OpenFlags.Path).OrThrow("openat");
        Assert.Equal(Errno.None, Libc.SetModeOfHandle(handle, 0));
        Assert.Equal(0, Libc.Status(file).Permissions);
        using var directory = Libc.Open(_root, "."u8, OpenFlags.Path).OrThrow("openat");
        Assert.Equal(Errno.None, Libc.SetModeOfHandle(directory, 0b111_000_000));
    }

    [Fact]
    public void Attributes_are_kept_with_the_file()
    {
        using var file = _directory.OpenNew("f", []);
        var value = new byte[10];
        Assert.Equal(Errno.NoData, Libc.GetAttribute(file, "user.trainyard\0"u8, value).Error);
        Assert.Equal(Errno.None, Libc.SetAttribute(file, "user.trainyard\0"u8, "old one"u8));
        Assert.Equal(Errno.None, Libc.SetAttribute(file, "user.trainyard\0"u8, "\0new"u8));
        Assert.Equal(new(4, Errno.None), Libc.GetAttribute(file, "user.trainyard\0"u8, value));
        Assert.Equal("\0new"u8, value.AsSpan(0, 4));
        Assert.Equal(Errno.OutOfRange, Libc.GetAttribute(file, "user.trainyard\0"u8, value.AsSpan(0, 1)).Error);
        Assert.Equal(Errno.NotSupported, Libc.SetAttribute(file, "nowhere.x\0"u8, "x"u8));
    }

    [Fact]
    public void A_lock_belongs_to_the_open_file()
    {
        using var first = _directory.OpenNew("f", []);
        using var second = Libc.Open(_root, "f"u8, OpenFlags.ReadOnly).OrThrow("openat");
        Assert.Equal(Errno.None, Libc.TryLock(first, exclusive: false));
        Assert.Equal(Errno.None, Libc.TryLock(second, exclusive: false));
        Assert.Equal(Errno.WouldBlock, Libc.TryLock(second, exclusive: true));
        Libc.Unlock(first);
        Assert.Equal(Errno.None, Libc.TryLock(second, exclusive: true));
        Assert.Equal(Errno.WouldBlock, Libc.TryLock(first, exclusive: false));
        Libc.Unlock(second);
        Libc.Unlock(second);
    }

    public void Dispose()
    {
        _root.Dispose();
        _directory.Dispose();
    }

    private void Make(ReadOnlySpan<byte> name) =>
        Libc.Open(_root, name, OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Exclusive, 0b110_000_000).OrThrow("openat").Dispose();
}
