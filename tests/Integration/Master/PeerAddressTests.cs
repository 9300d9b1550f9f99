using System.Net;
using Trainyard.Shell.Master;
using Xunit;

namespace Trainyard.Integration.Master;

/// <summary>A client's address as the master keeps it.</summary>
public sealed class PeerAddressTests
{
    [Theory]
    [InlineData("127.0.0.1:1")]
    [InlineData("255.254.253.252:65535")]
    [InlineData("[::1]:443")]
    [InlineData("[::ffff:192.0.2.7]:80")]
    [InlineData("[2001:db8:1:2:3:4:5:6]:4711")]
    [InlineData("[fe80::1%3]:9")]
    public void It_is_the_same_again(string text)
    {
        var peer = IPEndPoint.Parse(text);
        var kept = new PeerAddress(peer);
        Assert.True(kept.IsKnown);
        Assert.Equal(peer, kept.ToEndPoint());
        Assert.Equal(peer.ToString(), kept.ToEndPoint()!.ToString());
    }

    [Fact]
    public void A_Unix_socket_has_none()
    {
        var kept = new PeerAddress(null);
        Assert.False(kept.IsKnown);
        Assert.Null(kept.ToEndPoint());
    }
}
