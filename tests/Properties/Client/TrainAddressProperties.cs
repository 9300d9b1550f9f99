using System.Net;
using System.Net.Sockets;
using FsCheck.Xunit;
using Trainyard.Shell;
using Xunit;

namespace Trainyard.Properties.Client;

public sealed class TrainAddressProperties
{
    [Property]
    public bool What_is_written_is_read_again(ushort port, byte[] path, bool isSocket, bool isDirectory)
    {
        if (!TrainPath.TryFromBytes(path, out var named))
            return true;
        var server = isSocket ? "train+unix:///run/a%20b.sock" : $"train://h.example:{Math.Max(port, (ushort)1)}/";
        var text = TrainAddress.Parse(server) with { Path = named };
        var written = text + (isDirectory && !named.IsRoot ? "/" : "");
        var read = TrainAddress.Parse(written);
        return read.Path == named && read.ToString() == written && read.IsDirectory == (isDirectory || named.IsRoot) && read.Server == text.Server;
    }

    [Property]
    public bool No_text_makes_it_throw(string text) => TrainAddress.TryParse("train://h/" + text, out var address) == address is not null;

    [Theory]
    [InlineData("train://host", "train://host:5678/", "host", 5678, "")]
    [InlineData("TRAIN://host:80/a%2Fb", null, "host", 80, "a/b")]
    [InlineData("train://[::1]:9/a%20b", "train://[::1]:9/a%20b", "::1", 9, "a b")]
    [InlineData("train://10.0.0.1/q?x#y*", "train://10.0.0.1:5678/q%3Fx%23y%2A", "10.0.0.1", 5678, "q?x#y*")]
    [InlineData("train://h/d/", "train://h:5678/d/", "h", 5678, "d")]
    public void Addresses_are_read(string text, string? written, string host, int port, string path)
    {
        var address = TrainAddress.Parse(text);
        Assert.Equal((host, port), (address.Host, address.Port));
        Assert.Equal((TrainPath)path, address.Path);
        if (written is not null)
            Assert.Equal(written, address.ToString());
    }

    [Fact]
    public void Each_kind_has_its_end_point()
    {
        Assert.Equal(new IPEndPoint(IPAddress.IPv6Loopback, 5678), TrainAddress.Parse("train://[::1]").EndPoint);
        Assert.Equal(new DnsEndPoint("h", 5678), TrainAddress.Parse("train://h").EndPoint);
        var socket = TrainAddress.Parse("train+unix:///run/y.sock?path=/a/b/");
        Assert.Equal("/run/y.sock", Assert.IsType<UnixDomainSocketEndPoint>(socket.EndPoint).ToString());
        Assert.Equal(("a/b", true), (socket.Path.Display, socket.IsDirectory));
    }

    [Theory]
    [InlineData("host/a")]
    [InlineData("http://host/a")]
    [InlineData("train://")]
    [InlineData("train:///a")]
    [InlineData("train://user@host/a")]
    [InlineData("train://h:0/a")]
    [InlineData("train://h:65536/a")]
    [InlineData("train://h:/a")]
    [InlineData("train://[::1/a")]
    [InlineData("train://[1.2.3.4]/a")]
    [InlineData("train://h/a//b")]
    [InlineData("train://h//")]
    [InlineData("train://h/../b")]
    [InlineData("train://h/%2e%2e/b")]
    [InlineData("train://h/a%0")]
    [InlineData("train://h/a%zz")]
    [InlineData("train://h/a%00")]
    [InlineData("train+unix://run/x")]
    [InlineData("train+unix:///run/x?y=a")]
    public void What_is_none_is_refused_with_a_reason(string text) =>
        Assert.NotEmpty(Assert.Throws<FormatException>(() => TrainAddress.Parse(text)).Message);
}
