using System.Text;
using Trainyard.Integration.Support;
using Trainyard.Shell.Linux;
using Xunit;

namespace Trainyard.Integration.Linux;

/// <summary>A tree with a file, a directory, and links that stay inside or lead out; opened by the kernel's way and by the walk.</summary>
public sealed class OpenBeneathTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly FileDescriptor _root;

    public OpenBeneathTests()
    {
        Directory.CreateDirectory(_directory["root/sub/deep"]);
        File.WriteAllText(_directory["secret"], "secret");
        File.WriteAllText(_directory["root/file"], "file");
        File.WriteAllText(_directory["root/sub/deep/file"], "deep");
        File.CreateSymbolicLink(_directory["root/inside"], "file");
        File.CreateSymbolicLink(_directory["root/out"], "../secret");
        File.CreateSymbolicLink(_directory["root/absolute"], _directory["root/file"]);
        Directory.CreateSymbolicLink(_directory["root/outdir"], "..");
        Directory.CreateSymbolicLink(_directory["root/magic"], "/proc/self/cwd");
        var root = Encoding.UTF8.GetBytes(_directory["root"]);
        _root = Libc.Open(FileDescriptor.WorkingDirectory, root, OpenFlags.Directory).OrThrow("openat");
    }

    public static TheoryData<bool> Ways => [true, false];

    [Theory]
    [InlineData(true, "file", "file")]
    [InlineData(true, "sub/deep/file", "deep")]
    [InlineData(true, "./sub//deep/./file", "deep")]
    [InlineData(true, "inside", "file")]
    [InlineData(true, "sub/../file", "file")]
    [InlineData(false, "file", "file")]
    [InlineData(false, "sub/deep/file", "deep")]
    [InlineData(false, "./sub//deep/./file", "deep")]
    public void What_is_inside_opens(bool byKernel, string path, string content) => DescriptorLeak.Check(() =>
    {
        using var file = Open(byKernel, path).OrThrow("open");
        var buffer = new byte[16];
        var read = Libc.ReadAt(file, buffer, 0);
        Assert.Equal(content, Encoding.UTF8.GetString(buffer, 0, (int)read.Count));
    });

    [Theory]
    [InlineData("..")]
    [InlineData("../secret")]
    [InlineData("../root/file")]
    [InlineData("sub/../../secret")]
    [InlineData("sub/deep/../../../secret")]
    [InlineData("/etc/passwd")]
    [InlineData("/")]
    [InlineData("//file")]
    [InlineData("out")]
    [InlineData("outdir/secret")]
    [InlineData("sub/../out")]
    [InlineData("absolute")]
    [InlineData("magic/passwd")]
    [InlineData("magic")]
    public void What_leads_outside_is_refused_both_ways(string path) => DescriptorLeak.Check(() =>
    {
        Assert.Contains(Open(byKernel: true, path).Error, (Errno[])[Errno.CrossDevice, Errno.TooManySymbolicLinks]);
        Assert.Contains(
            Open(byKernel: false, path).Error, (Errno[])[Errno.CrossDevice, Errno.TooManySymbolicLinks, Errno.NotDirectory]);
        Assert.False(OpenBeneath.Open(_root, Encoding.UTF8.GetBytes(path), OpenFlags.ReadOnly).IsOk);
    });

    [Theory]
    [InlineData("inside", OpenFlags.ReadOnly, Errno.TooManySymbolicLinks)]
    [InlineData("inside", OpenFlags.Path, Errno.TooManySymbolicLinks)]
    [InlineData("sub/../file", OpenFlags.ReadOnly, Errno.CrossDevice)]
    [InlineData("outdir/file", OpenFlags.ReadOnly, Errno.NotDirectory)]
    internal void The_walk_is_stricter_with_links_and_parents(string path, OpenFlags flags, Errno error) => DescriptorLeak.Check(() =>
        Assert.Equal(error, OpenBeneath.Walk(_root, Encoding.UTF8.GetBytes(path), flags).Error));

    [Theory]
    [MemberData(nameof(Ways))]
    public void Plain_failures_are_the_same_both_ways(bool byKernel) => DescriptorLeak.Check(() =>
    {
        Assert.Equal(Errno.NoEntry, Open(byKernel, "absent").Error);
        Assert.Equal(Errno.NoEntry, Open(byKernel, "absent/file").Error);
        Assert.Equal(Errno.NoEntry, Open(byKernel, "").Error);
        Assert.Equal(Errno.NotDirectory, Open(byKernel, "file/").Error);
        Assert.Equal(Errno.NotDirectory, Open(byKernel, "file/x").Error);
        Assert.Equal(Errno.IllegalByteSequence, Open(byKernel, "fi\0le").Error);
        Assert.Equal(Errno.NameTooLong, Open(byKernel, new string('x', 256)).Error);
        Assert.Equal(Errno.NameTooLong, Open(byKernel, new string('x', 5000)).Error);
    });

    [Theory]
    [MemberData(nameof(Ways))]
    public void A_directory_opens_with_and_without_a_slash(bool byKernel)
    {
        foreach (var path in (string[])["sub", "sub/", ".", "sub/deep/"])
        {
            using var directory = Open(byKernel, path, OpenFlags.Directory).OrThrow("open");
            Assert.Equal(FileType.Directory, Libc.Status(directory).Type);
        }
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void A_file_is_made_inside_and_never_outside(bool byKernel)
    {
        using (Open(byKernel, "sub/new", OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Exclusive, 0b110_100_000).OrThrow("open"))
        {
            var expected = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead;
            Assert.Equal(expected, File.GetUnixFileMode(_directory["root/sub/new"]));
        }
        Assert.Equal(Errno.Exists, Open(byKernel, "sub/new", OpenFlags.WriteOnly | OpenFlags.Create | OpenFlags.Exclusive).Error);
        Assert.False(Open(byKernel, "../new", OpenFlags.WriteOnly | OpenFlags.Create).IsOk);
        Assert.False(Open(byKernel, "outdir/new", OpenFlags.WriteOnly | OpenFlags.Create).IsOk);
        Assert.False(File.Exists(_directory["new"]));
    }

    public void Dispose()
    {
        _root.Dispose();
        _directory.Dispose();
    }

    private DescriptorResult<FileDescriptor> Open(bool byKernel, string path, OpenFlags flags = OpenFlags.ReadOnly, uint mode = 0)
    {
        var bytes = Encoding.UTF8.GetBytes(path);
        return byKernel ? OpenBeneath.ByKernel(_root, bytes, flags, mode) : OpenBeneath.Walk(_root, bytes, flags, mode);
    }
}
