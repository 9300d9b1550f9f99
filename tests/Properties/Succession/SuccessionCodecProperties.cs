using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using LanguageExt;
using Trainyard.Core.Custody;
using Trainyard.Core.Lane;
using Trainyard.Core.Pool;
using Trainyard.Core.Succession;
using Xunit;

namespace Trainyard.Properties.Succession;

/// <summary>Two releases of the program never misread each other.</summary>
[Properties(Arbitrary = [typeof(SuccessionMessages)], MaxTest = 500)]
public class SuccessionCodecProperties
{
    [Property]
    public bool Decode_inverts_encode(SuccessionMessage message) =>
        SuccessionCodec.Decode(SuccessionCodec.Encode(message)).Match(Right: decoded => decoded == message, Left: _ => false);

    [Property]
    public bool Any_bytes_decode_to_a_value(byte[] bytes, byte type)
    {
        byte[] prefixed = [SuccessionCodec.Version, (byte)(type % 9), .. bytes];
        return SuccessionCodec.Decode(bytes).Match(Right: _ => true, Left: _ => true)
            && SuccessionCodec.Decode(prefixed).Match(Right: _ => true, Left: _ => true);
    }

    [Property]
    public bool A_byte_more_or_less_is_refused(SuccessionMessage message)
    {
        var bytes = SuccessionCodec.Encode(message);
        return ErrorOf([.. bytes, 0]) is LaneError.Length && ErrorOf(bytes[..^1]) is LaneError.Length;
    }

    [Property]
    public bool Another_version_is_said_to_be_one(SuccessionMessage message, byte version)
    {
        var bytes = SuccessionCodec.Encode(message);
        bytes[0] = version;
        return version == SuccessionCodec.Version
            || ErrorOf(bytes) is LaneError.Version(var theirs, SuccessionCodec.Version) && theirs == version;
    }

    [Property]
    public bool A_long_text_is_cut_at_a_character(NonEmptyString text)
    {
        var reason = string.Concat(Enumerable.Repeat("ä" + text.Get.Replace("\0", "", StringComparison.Ordinal), 300));
        return SuccessionCodec.Decode(SuccessionCodec.Encode(new SuccessionMessage.Failed(reason))).Match(
            Right: decoded => decoded is SuccessionMessage.Failed(var cut)
                && System.Text.Encoding.UTF8.GetByteCount(cut) is > SuccessionCodec.MaximumTextBytes - 4 and <= SuccessionCodec.MaximumTextBytes,
            Left: _ => false);
    }

    [Fact]
    public void More_listeners_than_the_kernel_carries_are_not_encoded() =>
        Assert.Empty(SuccessionCodec.Encode(
            new SuccessionMessage.Inherit(1, 0, new Arr<InheritedListener>(Enumerable.Repeat(new InheritedListener("a", false), SuccessionCodec.MaximumListeners + 1)))));

    [Fact]
    public void An_unknown_type_is_said_to_be_one() =>
        Assert.Equal(new LaneError.UnknownType(9), ErrorOf([SuccessionCodec.Version, 9]));

    private static LaneError? ErrorOf(byte[] bytes) => SuccessionCodec.Decode(bytes).Match<LaneError?>(Right: _ => null, Left: error => error);
}

/// <summary>Messages between masters, of every case, with the borders of each field.</summary>
public static class SuccessionMessages
{
    private static readonly Gen<string> Texts = Gen.OneOf(
        Gen.Elements("", "127.0.0.1:5678", "[::1]:5678", new string('x', SuccessionCodec.MaximumTextBytes), "größer"),
        Gen.Choose(0, SuccessionCodec.MaximumTextBytes).Select(length => new string('a', length)));

    private static readonly Gen<ConnectionId> Connections =
        Gen.OneOf(Gen.Elements(0L, 1L, -1L, long.MaxValue, long.MinValue), ArbMap.Default.GeneratorFor<long>())
            .Select(value => new ConnectionId(value));

    public static Arbitrary<SuccessionMessage> Messages() =>
        Arb.From(Gen.OneOf<SuccessionMessage>(
            from pid in Gen.Elements(0, 1, -1, int.MaxValue, int.MinValue)
            from journal in Gen.Elements<byte>(0, JournalSlot.Version, byte.MaxValue)
            from count in Gen.OneOf(Gen.Choose(0, 4), Gen.Constant(SuccessionCodec.MaximumListeners))
            from listeners in (from text in Texts from own in ArbMap.Default.GeneratorFor<bool>() select new InheritedListener(text, own)).ArrayOf(count)
            select (SuccessionMessage)new SuccessionMessage.Inherit(pid, journal, new Arr<InheritedListener>(listeners)),
            from connection in Connections
            from peer in Texts
            from journal in Gen.OneOf(Gen.Constant(Array.Empty<byte>()), ArbMap.Default.GeneratorFor<byte[]>(), Gen.Constant(new byte[JournalSlot.LongestExport]))
            select (SuccessionMessage)new SuccessionMessage.HandOn(connection, peer, new(journal)),
            Gen.Constant((SuccessionMessage)new SuccessionMessage.Relieve()),
            Gen.Constant((SuccessionMessage)new SuccessionMessage.Ready()),
            Texts.Select(reason => (SuccessionMessage)new SuccessionMessage.Failed(reason)),
            Connections.Select(connection => (SuccessionMessage)new SuccessionMessage.Taken(connection)),
            Connections.Select(connection => (SuccessionMessage)new SuccessionMessage.NotTaken(connection))));
}
