using FsCheck.Xunit;
using Trainyard.Core.Lane;
using Trainyard.Properties.Arbitraries;
using Xunit;

namespace Trainyard.Properties.Lane;

/// <summary>Master and worker never misread each other.</summary>
[Properties(Arbitrary = [typeof(LaneMessages)], MaxTest = 500)]
public class LaneCodecProperties
{
    [Property]
    public bool Decode_inverts_encode(LaneMessage message) =>
        LaneCodec.Decode(Encoded(message)).Match(Right: decoded => decoded == message, Left: _ => false);

    [Property]
    public bool Any_bytes_decode_to_a_value(byte[] bytes, byte type)
    {
        byte[] prefixed = [LaneCodec.Version, (byte)(type % 9), .. bytes];
        return LaneCodec.Decode(bytes).Match(Right: _ => true, Left: _ => true)
            && LaneCodec.Decode(prefixed).Match(Right: message => Encoded(message).AsSpan().SequenceEqual(prefixed), Left: _ => true);
    }

    [Property]
    public bool A_byte_more_or_less_is_refused(LaneMessage message)
    {
        var bytes = Encoded(message);
        // Settings have no end of their own: a datagram has.
        return message is LaneMessage.Configure
            || (ErrorOf([.. bytes, 0]) is LaneError.Length && ErrorOf(bytes[..^1]) is LaneError.Length);
    }

    [Property]
    public bool Several_of_a_worker_in_one_datagram_are_told_apart(LaneMessage[] messages)
    {
        var said = messages.Where(message => message is not LaneMessage.Configure).ToArray();
        var datagram = said.SelectMany(Encoded).ToArray();
        var at = 0;
        return said.All(message =>
        {
            var length = LaneCodec.FirstOf(datagram.AsSpan(at));
            var decoded = LaneCodec.Decode(datagram.AsSpan(at, length));
            at += length;
            return decoded.Match(Right: one => one == message, Left: _ => false);
        }) && at == datagram.Length;
    }

    [Property]
    public bool Another_version_is_said_to_be_one(LaneMessage message, byte version)
    {
        var bytes = Encoded(message);
        bytes[0] = version;
        return version == LaneCodec.Version || ErrorOf(bytes) is LaneError.Version(var theirs, LaneCodec.Version) && theirs == version;
    }

    [Property]
    public bool Too_short_a_destination_takes_nothing(LaneMessage message)
    {
        var short_ = new byte[LaneCodec.LengthOf(message) - 1];
        return LaneCodec.Encode(message, short_) == 0 && short_.All(b => b == 0);
    }

    [Fact]
    public void Settings_above_the_limit_are_not_encoded() =>
        Assert.Equal(0, LaneCodec.Encode(
            new LaneMessage.Configure(0, 1, 1, new Settings(new byte[LaneCodec.MaximumSettingsBytes + 1])), new byte[LaneCodec.MaximumBytes * 2]));

    private static byte[] Encoded(LaneMessage message)
    {
        var bytes = new byte[LaneCodec.MaximumBytes];
        return bytes[..LaneCodec.Encode(message, bytes)];
    }

    private static LaneError? ErrorOf(byte[] bytes) => LaneCodec.Decode(bytes).Match<LaneError?>(Right: _ => null, Left: error => error);
}
