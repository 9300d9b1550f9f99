using System.Security.Cryptography;
using Trainyard.Integration.Support;
using Trainyard.Shell.Linux;
using Xunit;

namespace Trainyard.Integration.Linux;

public sealed class MappedRegionTests : IDisposable
{
    private static readonly int Page = Environment.SystemPageSize;

    private readonly TemporaryDirectory _directory = new();

    [Fact]
    public void Memory_is_shared_by_all_who_map_it() => DescriptorLeak.Check(() =>
    {
        using var memory = Libc.CreateMemory("journal", 2 * Page);
        Assert.Equal(Errno.None, Libc.Map(memory, 0, 2 * Page, writable: true, out var near));
        Assert.Equal(Errno.None, Libc.Map(memory, Page, Page, writable: false, out var far));
        using (near!)
        using (far!)
        {
            Volatile.Write(ref near!.At<long>(Page + 8), 4711);
            Assert.Equal(4711, Volatile.Read(ref far!.At<long>(8)));
            near.Slice(Page, 5).Fill(9);
            Assert.Equal([9, 9, 9, 9, 9], far.Slice(0, 5).ToArray());
        }
        Assert.Throws<ObjectDisposedException>(() => near.Slice(0, 1).Length);
    });

    [Fact]
    public void A_writable_mapping_writes_the_file()
    {
        using var file = _directory.OpenNew("f", new byte[100]);
        Assert.Equal(Errno.None, Libc.Map(file, 0, 100, writable: true, out var region));
        using (region!)
        {
            Libc.Advise(region!, FileAdvice.Sequential);
            "train"u8.CopyTo(region!.Slice(50, 5));
        }
        Assert.Equal("train"u8, File.ReadAllBytes(_directory["f"]).AsSpan(50, 5));
    }

    [Fact]
    public void Nothing_outside_can_be_reached()
    {
        using var memory = Libc.CreateMemory("m", 16);
        Libc.Map(memory, 0, 16, writable: true, out var mapped);
        using var region = mapped!;
        using var connection = new Loopback();
        Assert.Throws<ArgumentOutOfRangeException>(() => region.Slice(0, 17).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => region.Slice(-1, 1).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => region.At<long>(9));
        Assert.Throws<ArgumentOutOfRangeException>(() => region.At<long>(4));
        Assert.Throws<ArgumentOutOfRangeException>(() => Libc.SendMapped(connection.Client, region, 16, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Libc.SendMapped(connection.Client, region, 1, long.MaxValue));
    }

    [Fact]
    public void A_range_of_a_mapping_is_sent()
    {
        var content = RandomNumberGenerator.GetBytes(3 * Page);
        using var file = _directory.OpenNew("f", content);
        Libc.Map(file, 0, content.Length, writable: false, out var region);
        using (region!)
        {
            using var connection = new Loopback();
            Assert.Equal(new(Page, Errno.None), Libc.SendMapped(connection.Client, region!, 100, Page));
            Assert.Equal(content[100..(100 + Page)], Loopback.Receive(connection.Server, Page));
        }
    }

    // What the mmap sender rests on: the kernel copies from the mapping, so a file that shrank is an error number and not a SIGBUS.
    [Fact]
    public void Behind_the_page_that_a_cut_file_ends_in_sending_is_a_bad_address()
    {
        using var file = _directory.OpenNew("f", RandomNumberGenerator.GetBytes(4 * Page));
        Libc.Map(file, 0, 4 * Page, writable: false, out var region);
        using (region!)
        {
            using var connection = new Loopback();
            Assert.Equal(Errno.None, Libc.Truncate(file, Page));
            Assert.Equal(new(0, Errno.BadAddress), Libc.SendMapped(connection.Client, region!, Page, 3 * Page));
            Assert.Equal(0ul, TotalQueued(connection.Client));
        }
    }

    [Fact]
    public void Across_the_new_end_the_bytes_before_it_are_sent_or_nothing_is()
    {
        using var file = _directory.OpenNew("f", RandomNumberGenerator.GetBytes(4 * Page));
        Libc.Map(file, 0, 4 * Page, writable: false, out var region);
        using (region!)
        {
            using var connection = new Loopback();
            Libc.Truncate(file, 2 * Page);
            var sent = Libc.SendMapped(connection.Client, region!, 0, 4 * Page);
            // The kernel gives back what it copied before the fault, or the fault: never a byte from behind the end.
            Assert.InRange(sent.Count, 0, 2 * Page);
            Assert.Equal(sent.Count == 0 ? Errno.BadAddress : Errno.None, sent.Error);
            Assert.Equal((ulong)sent.Count, TotalQueued(connection.Client));
        }
    }

    [Fact]
    public void The_rest_of_the_page_that_a_cut_file_ends_in_reads_as_zeros()
    {
        var content = new byte[2 * Page];
        Array.Fill(content, (byte)'x');
        using var file = _directory.OpenNew("f", content);
        Libc.Map(file, 0, 2 * Page, writable: false, out var region);
        using (region!)
        {
            using var connection = new Loopback();
            Libc.Truncate(file, 100);
            Assert.Equal(new(Page, Errno.None), Libc.SendMapped(connection.Client, region!, 0, Page));
            var received = Loopback.Receive(connection.Server, Page);
            Assert.Equal(content.AsSpan(0, 100), received.AsSpan(0, 100));
            Assert.Equal(new byte[Page - 100], received.AsSpan(100));
        }
    }

    [Fact]
    public void A_mapping_outlives_its_file_and_a_directory_has_none()
    {
        using var directory = _directory.Open();
        Assert.NotEqual(Errno.None, Libc.Map(directory, 0, 1, writable: false, out var none));
        Assert.Null(none);
        MappedRegion? region;
        using (var file = _directory.OpenNew("f", "abc"u8))
            Libc.Map(file, 0, 3, writable: false, out region);
        using (region!)
            Assert.Equal("abc"u8, region!.Slice(0, 3));
    }

    public void Dispose() => _directory.Dispose();

    private static ulong TotalQueued(SocketDescriptor socket)
    {
        Assert.Equal(Errno.None, Libc.GetTcpInfo(socket, out var info));
        return info.TotalQueued;
    }
}
