using Trainyard.Integration.Support;
using Trainyard.Shell.Linux;
using Xunit;

namespace Trainyard.Integration.Linux;

/// <summary>How a file gets its name: a temporary without one, a link, a rename.</summary>
public sealed class PublishingTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly FileDescriptor _root;

    public PublishingTests() => _root = _directory.Open();

    [Fact]
    public void Either_way_a_nameless_file_gets_its_name()
    {
        using var file = Libc.Open(_root, "."u8, OpenFlags.Temporary | OpenFlags.ReadWrite, 0b110_000_000).OrThrow("openat");
        Assert.Equal(Errno.None, Libc.LinkByProc(file, _root, "by-proc"u8));
        // Before Linux 6.10, and without a privilege, there is only that one.
        var error = Libc.LinkByDescriptor(file, _root, "by-descriptor"u8);
        Assert.True(error is Errno.None or Errno.NoEntry, $"{error}");
        Assert.Equal(error == Errno.None ? Errno.Exists : Errno.NoEntry, Libc.LinkByDescriptor(file, _root, "by-proc"u8));
    }

    [Fact]
    public void A_temporary_file_has_no_name_until_it_is_linked()
    {
        using var file = Libc.Open(_root, "."u8, OpenFlags.Temporary | OpenFlags.ReadWrite, 0b110_000_000).OrThrow("openat");
        Assert.Equal(new(5, Errno.None), Libc.WriteAt(file, "train"u8, 0));
        Assert.Empty(Directory.GetFileSystemEntries(_directory.Path));
        Assert.Equal(Errno.None, Libc.Synchronize(file));
        Assert.Equal(Errno.None, Libc.LinkTemporary(file, _root, "published"u8));
        Assert.Equal(Errno.None, Libc.Synchronize(_root));
        Assert.Equal("train", File.ReadAllText(_directory["published"]));
        Assert.Equal(Errno.Exists, Libc.LinkTemporary(file, _root, "published"u8));
        Assert.Equal(Errno.IllegalByteSequence, Libc.LinkTemporary(file, _root, "a\0b"u8));
    }

    [Fact]
    public void A_rename_replaces_unless_told_not_to()
    {
        File.WriteAllText(_directory["a"], "a");
        File.WriteAllText(_directory["b"], "b");
        Assert.Equal(Errno.Exists, Libc.RenameNoReplace(_root, "a"u8, _root, "b"u8));
        Assert.Equal("b", File.ReadAllText(_directory["b"]));
        Assert.Equal(Errno.None, Libc.RenameNoReplace(_root, "a"u8, _root, "c"u8));
        Assert.Equal("a", File.ReadAllText(_directory["c"]));
        Assert.Equal(Errno.None, Libc.Rename(_root, "c"u8, _root, "b"u8));
        Assert.Equal("a", File.ReadAllText(_directory["b"]));
        Assert.Equal(Errno.NoEntry, Libc.Rename(_root, "c"u8, _root, "b"u8));
        Assert.Equal(Errno.IllegalByteSequence, Libc.Rename(_root, "b"u8, _root, "\0"u8));
    }

    [Fact]
    public void Directories_are_made_moved_into_and_removed()
    {
        Assert.Equal(Errno.None, Libc.MakeDirectory(_root, "sub"u8, 0b111_000_000));
        Assert.Equal(Errno.Exists, Libc.MakeDirectory(_root, "sub"u8, 0b111_000_000));
        using var sub = Libc.Open(_root, "sub"u8, OpenFlags.Directory | OpenFlags.Path).OrThrow("openat");
        File.WriteAllText(_directory["a"], "a");
        Assert.Equal(Errno.None, Libc.Rename(_root, "a"u8, sub, "b"u8));
        Assert.Equal("a", File.ReadAllText(_directory["sub/b"]));
        Assert.Equal(Errno.NotEmpty, Libc.RemoveDirectory(_root, "sub"u8));
        Assert.Equal(Errno.IsDirectory, Libc.Unlink(_root, "sub"u8));
        Assert.Equal(Errno.None, Libc.Unlink(sub, "b"u8));
        Assert.Equal(Errno.None, Libc.RemoveDirectory(_root, "sub"u8));
        Assert.Equal(Errno.NoEntry, Libc.Unlink(_root, "sub"u8));
    }

    public void Dispose()
    {
        _root.Dispose();
        _directory.Dispose();
    }
}
