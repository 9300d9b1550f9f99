using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Trainyard.Core.Pool;
using Xunit;

namespace Trainyard.Properties.Pool;

/// <summary>Whom a connection counts for, and the limit by address. That counts are exact is among the ledger's rules for custody.</summary>
public class PoolPeers
{
    [Property]
    public Property Addresses_of_one_prefix_are_one_peer_and_of_two_are_two(ulong prefix, ulong host, ulong other, ulong otherHost)
    {
        var key = PeerKey.OfIPv6(new UInt128(prefix, host));
        // Below ::/64 lie the mapped IPv4 addresses.
        var isMapped = prefix == 0 && host >> 32 == 0xFFFF;
        return (isMapped || key == PeerKey.OfIPv6(new UInt128(prefix, otherHost | (1UL << 63)))).Label("one prefix")
            .And(((key == PeerKey.OfIPv6(new UInt128(other, otherHost | (1UL << 63)))) == (prefix == other && !isMapped)).Label("two prefixes"))
            .And((key != PeerKey.None).Label("none"));
    }

    [Property]
    public bool Every_IPv4_address_is_a_peer_of_its_own_mapped_or_not(uint left, uint right) =>
        (PeerKey.OfIPv4(left) == PeerKey.OfIPv4(right)) == (left == right)
        && PeerKey.OfIPv4(left) == PeerKey.OfIPv6(new UInt128(0, (0xFFFFUL << 32) | left))
        && PeerKey.OfIPv4(left) != PeerKey.OfIPv6(left)
        && PeerKey.OfIPv4(left) != PeerKey.None;

    [Fact]
    public void Keys_are_told_as_addresses_and_prefixes()
    {
        Assert.Equal("127.0.0.1", $"{PeerKey.OfIPv4(0x7F000001)}");
        Assert.Equal("0:0:0:0::/64", $"{PeerKey.OfIPv6(UInt128.One)}");
        Assert.Equal("2001:db8:0:ff::/64", $"{PeerKey.OfIPv6(new UInt128(0x20010db8_000000ff, 5))}");
        Assert.Equal("none", $"{PeerKey.None}");
    }

    [Fact]
    public void One_address_cannot_take_everything_and_others_are_not_hurt()
    {
        var world = PoolWorld.Ready(1, new PoolPolicy(1) { PerAddress = 2 });
        var greedy = PeerKey.OfIPv4(1);
        world.Feed(new PoolEvent.Accepted(new(1), greedy, world.Now));
        world.Feed(new PoolEvent.Accepted(new(2), greedy, world.Now));
        Assert.Equal(
            [new PoolCommand.Reject(new(3), RejectReason.TooManyFromAddress, world.Policy.RetryAfter)],
            world.Feed(new PoolEvent.Accepted(new(3), greedy, world.Now)));
        Assert.IsType<PoolCommand.Queue>(Assert.Single(world.Feed(new PoolEvent.Accepted(new(4), PeerKey.OfIPv4(2), world.Now))));
        world.Feed(new PoolEvent.Done(new(1), new(1), world.Now));
        Assert.IsType<PoolCommand.Queue>(Assert.Single(world.Feed(new PoolEvent.Accepted(new(5), greedy, world.Now))));
        Assert.Empty(world.Ledger.Breaches);
    }

    [Fact]
    public void Who_has_no_address_is_never_limited()
    {
        var world = PoolWorld.Ready(1, new PoolPolicy(1) { PerAddress = 1 });
        for (var i = 1; i <= 5; i++)
            Assert.DoesNotContain(world.Feed(new PoolEvent.Accepted(new(i), PeerKey.None, world.Now)), one => one is PoolCommand.Reject);
        Assert.Equal(PeerCounts.Empty, world.State.Peers);
    }
}
