using System.Security.Cryptography;
using Trainyard.Integration.Support;
using Trainyard.Shell.Linux;
using Xunit;

namespace Trainyard.Integration.Linux;

public sealed class FileTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    [Fact]
    public void Status_agrees_with_the_base_library()
    {
        using var file = _directory.OpenNew("f", new byte[12345]);
        var modified = new DateTime(2001, 2, 3, 4, 5, 6, DateTimeKind.Utc).AddTicks(1234567);
        File.SetLastWriteTimeUtc(_directory["f"], modified);
        File.SetUnixFileMode(_directory["f"], UnixFileMode.UserRead | UnixFileMode.OtherExecute);
        var status = Libc.Status(file);
        Assert.Equal((FileType.Regular, 0b100_000_001, 12345), (status.Type, status.Permissions, status.Size));
        Assert.Equal((modified - DateTime.UnixEpoch).Ticks * 100, status.ModifiedNs);
        var now = (DateTime.UtcNow - DateTime.UnixEpoch).Ticks * 100;
        Assert.InRange(status.ChangedNs, now - 60_000_000_000, now + 1_000_000_000);

        using var root = _directory.Open();
        Assert.Equal(Errno.None, Libc.StatusOf(root, "f"u8, out var byName));
        Assert.Equal(status, byName);
        Assert.NotEqual(0ul, status.Inode);
        Assert.Equal(status.Device, Libc.Status(root).Device);
        Assert.NotEqual(status.Inode, Libc.Status(root).Inode);
    }

    [Fact]
    public void Status_of_a_link_is_the_link_s_own()
    {
        File.CreateSymbolicLink(_directory["link"], "nowhere");
        using var root = _directory.Open();
        Assert.Equal(Errno.None, Libc.StatusOf(root, "link"u8, out var status));
        Assert.Equal(FileType.SymbolicLink, status.Type);
        Assert.Equal(Errno.NoEntry, Libc.StatusOf(root, "nowhere"u8, out _));
        Assert.Equal(Errno.IllegalByteSequence, Libc.StatusOf(root, "li\0nk"u8, out _));
    }

    [Fact]
    public void Bytes_are_read_and_written_where_told()
    {
        using var file = _directory.OpenNew("f", "0123456789"u8);
        Assert.Equal(new(3, Errno.None), Libc.WriteAt(file, "abc"u8, 4));
        var buffer = new byte[6];
        Assert.Equal(new(6, Errno.None), Libc.ReadAt(file, buffer, 3));
        Assert.Equal("3abc78"u8, buffer);
        Assert.Equal(new(1, Errno.None), Libc.ReadAt(file, buffer, 9));
        Assert.Equal(new(0, Errno.None), Libc.ReadAt(file, buffer, 10));
    }

    [Fact]
    public unsafe void Pieces_are_gathered_and_scattered_in_order()
    {
        using var file = _directory.OpenNew("f", "----------"u8);
        byte[] first = [.. "ab"u8], second = [.. "cde"u8];
        fixed (byte* a = first, b = second)
        {
            ReadOnlySpan<IoVector> pieces = [new(a, 2), new(b, 3)];
            Assert.Equal(new(5, Errno.None), Libc.WriteGatheredAt(file, pieces, 1));
            Assert.Equal(new(5, Errno.None), Libc.ReadScatteredAt(file, pieces, 2));
            Assert.Equal("bcde-"u8, [.. first, .. second]);
            Assert.Equal(new(5, Errno.None), Libc.ReadScattered(file, pieces));
            Assert.Equal("-abcd"u8, [.. first, .. second]);
        }
        Assert.Equal("-abcde----", File.ReadAllText(_directory["f"]));
    }

    [Fact]
    public void Space_is_reserved_with_or_without_growing()
    {
        using var file = _directory.OpenNew("f", "abc"u8);
        Assert.Equal(Errno.None, Libc.Allocate(file, 0, 1 << 20, keepSize: true));
        Assert.Equal(3, Libc.Status(file).Size);
        Assert.Equal(Errno.None, Libc.Allocate(file, 0, 1 << 20, keepSize: false));
        Assert.Equal(1 << 20, Libc.Status(file).Size);
        Assert.Equal(Errno.None, Libc.Truncate(file, 2));
        Assert.Equal("ab", File.ReadAllText(_directory["f"]));
        Libc.Advise(file, 0, 0, FileAdvice.Sequential);
    }

    [Fact]
    public void Too_much_is_a_value()
    {
        using var file = _directory.OpenNew("f", []);
        Assert.Contains(Libc.Allocate(file, 0, 1L << 42, keepSize: true), (Errno[])[Errno.NoSpace, Errno.FileTooBig]);
        Assert.Equal(Errno.FileTooBig, Libc.Truncate(file, long.MaxValue));
    }

    [Fact]
    public void Free_bytes_agree_with_the_base_library()
    {
        using var root = _directory.Open();
        var free = new DriveInfo(_directory.Path).AvailableFreeSpace;
        Assert.InRange(Libc.FreeBytes(root), free - free / 10, free + free / 10);
    }

    [Fact]
    public void Non_blocking_is_set_and_taken_back()
    {
        var (near, far) = Libc.SocketPair(LaneKind.Stream, nonBlocking: false);
        using (near)
        using (far)
        {
            Libc.SetNonBlocking(near, true);
            Assert.True(Libc.Read(near, new byte[1]).WouldBlock);
            Libc.SetNonBlocking(near, false);
            var bytes = RandomNumberGenerator.GetBytes(10);
            using var later = new Timer(_ => Libc.Send(far, bytes), null, 50, Timeout.Infinite);
            Assert.Equal(new(10, Errno.None), Libc.Receive(near, new byte[10], MessageFlags.WaitAll));
        }
    }

    [Fact]
    public void The_limit_of_open_files_is_raised_to_the_hard_one()
    {
        var limit = Libc.OpenFileLimit();
        Assert.Equal(Errno.None, Libc.SetOpenFileLimit(limit with { Soft = 1000 }));
        Assert.Equal(limit.Hard, Libc.RaiseOpenFileLimit());
        Assert.Equal(limit with { Soft = limit.Hard }, Libc.OpenFileLimit());
        Libc.SetOpenFileLimit(limit);
    }

    public void Dispose() => _directory.Dispose();
}
