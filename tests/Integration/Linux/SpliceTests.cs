using System.Security.Cryptography;
using Trainyard.Integration.Support;
using Trainyard.Shell.Linux;
using Xunit;

namespace Trainyard.Integration.Linux;

public sealed class SpliceTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly byte[] _content = RandomNumberGenerator.GetBytes(20_000);

    [Fact]
    public void SendFile_sends_the_range_and_leaves_the_position_alone()
    {
        using var file = _directory.OpenNew("f", _content);
        using var connection = new Loopback();
        Assert.Equal(new(5000, Errno.None), Libc.SendFile(connection.Client, file, 1234, 5000));
        Assert.Equal(_content[1234..6234], Loopback.Receive(connection.Server, 5000));
        var first = new byte[1];
        Libc.Read(file, first);
        Assert.Equal(_content[0], first[0]);
    }

    [Fact]
    public void SendFile_of_a_shrunken_file_gives_what_is_left_and_then_zero()
    {
        using var file = _directory.OpenNew("f", _content);
        using var connection = new Loopback();
        Assert.Equal(Errno.None, Libc.Truncate(file, 10_000));
        Assert.Equal(new(1000, Errno.None), Libc.SendFile(connection.Client, file, 9000, 5000));
        Assert.Equal(new(0, Errno.None), Libc.SendFile(connection.Client, file, 10_000, 4000));
    }

    [Fact]
    public void SendFile_to_a_full_connection_would_block_and_to_a_gone_peer_fails_as_a_value()
    {
        using var file = _directory.OpenNew("f", _content);
        using var connection = new Loopback();
        IoResult sent;
        do
            sent = Libc.SendFile(connection.Client, file, 0, _content.Length);
        while (sent.IsOk);
        Assert.True(sent.WouldBlock);
        Libc.SetLinger(connection.Server, seconds: 0);
        connection.Server.Dispose();
        Libc.Poll(connection.Client, PollEvents.None, 60_000);
        Assert.Contains(Libc.SendFile(connection.Client, file, 0, 1).Error, (Errno[])[Errno.BrokenPipe, Errno.ConnectionReset]);
    }

    [Fact]
    public void Splice_moves_file_to_pipe_to_socket_to_pipe_to_file()
    {
        using var source = _directory.OpenNew("source", _content);
        using var target = _directory.OpenNew("target", "0123456789"u8);
        using var connection = new Loopback();
        var (reading, writing) = Libc.CreatePipe();
        using (reading)
        using (writing)
        {
            Assert.Equal(new(4000, Errno.None), Libc.Splice(source, 100, writing, null, 4000));
            Assert.Equal(new(4000, Errno.None), Libc.Splice(reading, null, connection.Client, null, 4000));
            Libc.Poll(connection.Server, PollEvents.Readable, 60_000);
            Assert.Equal(new(4000, Errno.None), Libc.Splice(connection.Server, null, writing, null, 10_000));
            Assert.True(Libc.Splice(connection.Server, null, writing, null, 10_000).WouldBlock);
            Assert.Equal(new(4000, Errno.None), Libc.Splice(reading, null, target, 10, 4000));
        }
        Assert.Equal([.. "0123456789"u8, .. _content.AsSpan(100, 4000)], File.ReadAllBytes(_directory["target"]));
    }

    [Fact]
    public void Splice_tells_the_end_of_the_stream_and_of_the_file()
    {
        using var source = _directory.OpenNew("source", _content);
        using var connection = new Loopback();
        var (reading, writing) = Libc.CreatePipe();
        using (reading)
        using (writing)
        {
            Assert.Equal(new(0, Errno.None), Libc.Splice(source, _content.Length, writing, null, 1));
            Libc.Shutdown(connection.Client, SocketDirection.Writing);
            Libc.Poll(connection.Server, PollEvents.PeerClosedWriting, 60_000);
            Assert.Equal(new(0, Errno.None), Libc.Splice(connection.Server, null, writing, null, 1));
        }
    }

    [Fact]
    public void Splice_without_a_pipe_is_a_value()
    {
        using var source = _directory.OpenNew("source", _content);
        using var connection = new Loopback();
        Assert.Equal(Errno.InvalidArgument, Libc.Splice(source, 0, connection.Client, null, 1).Error);
    }

    [Fact]
    public void A_pipe_can_be_made_larger()
    {
        var (reading, writing) = Libc.CreatePipe();
        using (reading)
        using (writing)
        {
            Assert.Equal(new(1 << 20, Errno.None), Libc.ResizePipe(writing, 1 << 20));
            Assert.Equal(new(1 << 20, Errno.None), Libc.Write(writing, new byte[2 << 20]));
            Assert.True(Libc.Write(writing, [1]).WouldBlock);
            Assert.Equal(Errno.Busy, Libc.ResizePipe(reading, 4096).Error);
        }
    }

    public void Dispose() => _directory.Dispose();
}
