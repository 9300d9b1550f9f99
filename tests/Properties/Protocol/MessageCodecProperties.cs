using System.Formats.Cbor;
using FsCheck;
using FsCheck.Xunit;
using Trainyard.Core.Framing;
using Trainyard.Core.Protocol;
using Trainyard.Properties.Arbitraries;
using Trainyard.Properties.Architecture;
using Xunit;

namespace Trainyard.Properties.Protocol;

[Properties(Arbitrary = [typeof(Messages)], MaxTest = 500)]
public class MessageCodecProperties
{
    [Property]
    public void Decode_inverts_encode(Message message)
    {
        var train = Encoded(message);
        var header = TrainCodec.DecodeHeader(train, Trains);
        Assert.Equal((MessageCodec.KindOf(message), train.Length - TrainHeader.Size), (header.Header.Kind, header.Header.Length));
        Assert.Equal(message, MessageCodec.DecodeTrain(train, SideOf(message), SessionLimits.MostControl).Case);
    }

    [Property(MaxTest = 300)]
    public void A_flipped_bit_anywhere_is_noticed(Message message, NonNegativeInt at)
    {
        var train = Encoded(message);
        train[at.Get / 8 % train.Length] ^= (byte)(1 << at.Get % 8);
        Assert.IsType<MessageError.Damaged>(MessageCodec.DecodeTrain(train, SideOf(message), SessionLimits.MostControl).Case);
    }

    [Theory]
    [InlineData("", "00000000")]
    [InlineData("313233343536373839", "839206e3")]
    public void The_checksum_is_CRC32C(string bytes, string checksum)
    {
        byte[] sealedBytes = [.. Convert.FromHexString(bytes), 0, 0, 0, 0];
        Checksum.Seal(sealedBytes);
        Assert.Equal(bytes + checksum, Convert.ToHexStringLower(sealedBytes));
        Assert.True(Checksum.Holds(sealedBytes));
        Assert.False(Checksum.Holds(sealedBytes.AsSpan(0, 3)));
    }

    [Property]
    public void A_body_is_canonical_and_says_the_same_again(Message message)
    {
        var body = Map(message).AsMemory();
        var reader = new CborReader(body, CborConformanceMode.Ctap2Canonical);
        reader.SkipValue();
        Assert.Equal(0, reader.BytesRemaining);
        Assert.Equal(body.ToArray(), Map(Decoded(message, body.Span)));
    }

    [Property]
    public void Keys_in_any_order_and_unknown_ones_between_change_nothing(Message message, NonNegativeInt seed)
    {
        var pairs = Pairs(Map(message).AsMemory());
        pairs.AddRange([(new CborBytes([0x18, 0x63]), Nested()), (new CborBytes([0x20]), new CborBytes([0xf6])), (new CborBytes([0x10]), Nested())]);
        new Random(seed.Get).Shuffle(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(pairs));
        byte[] body = [(byte)(0xa0 + pairs.Count), .. pairs.SelectMany(static pair => pair.Key.Bytes.Concat(pair.Value.Bytes))];
        Assert.Equal(message, Decoded(message, body));
    }

    [Property]
    public void A_known_key_twice_is_refused(Message message)
    {
        var pairs = Pairs(Map(message).AsMemory());
        if (pairs.Count == 0)
            return;
        byte[] body = [(byte)(0xa1 + pairs.Count), .. pairs.Append(pairs[0]).SelectMany(static pair => pair.Key.Bytes.Concat(pair.Value.Bytes))];
        Assert.IsType<MessageError.DuplicateKey>(Decode(message, body).Case);
    }

    [Property(MaxTest = 100)]
    public void Cut_anywhere_a_body_is_refused(Message message)
    {
        var body = Map(message);
        for (var length = 0; length < body.Length; length++)
            Assert.IsAssignableFrom<MessageError>(Decode(message, body.AsSpan(0, length)).Case);
        Assert.IsType<MessageError.Trailing>(Decode(message, [.. body, 0]).Case);
    }

    [Property(MaxTest = 2000)]
    public void Damage_gives_an_error_or_a_message_within_bounded_memory(Message message, (NonNegativeInt At, byte Value)[] damage)
    {
        var body = Map(message);
        foreach (var (at, value) in damage)
            body[at.Get % body.Length] = value;
        foreach (var kind in Enum.GetValues<TrainKind>())
        {
            foreach (var side in new[] { Side.Client, Side.Server })
                Bounded(kind, body, side);
        }
    }

    [Property(MaxTest = 2000)]
    public void Any_bytes_are_read_without_an_exception(byte[] bytes, byte kind)
    {
        byte[] map = [(byte)(0xa0 + kind % 8), .. bytes];
        foreach (var side in new[] { Side.Client, Side.Server })
        {
            Bounded((TrainKind)(kind % 40), bytes, side);
            Bounded((TrainKind)(kind % 40), map, side);
        }
    }

    [Fact]
    public void The_dearest_body_costs_bounded_memory()
    {
        // Four thousand entries, each as short as an entry can be, then a list that announces more than there is.
        byte[] entry = [0xa4, 1, 1, 2, 0, 3, 0, 4, 0];
        byte[] body = [0xa1, 0, 0x99, 0x10, 0x00, .. Enumerable.Repeat(entry, 4096).SelectMany(static bytes => bytes)];
        Assert.IsType<Message.Entries>(MessageCodec.Decode(TrainKind.Entry, body, Side.Server).Case);
        Bounded(TrainKind.Entry, body, Side.Server);
        Bounded(TrainKind.Entry, body.AsSpan(0, body.Length / 2), Side.Server);
        Bounded(TrainKind.Ping, [0xa1, 0x18, 0x20, .. Enumerable.Repeat((byte)0x81, 60_000), 0], Side.Client);
        Assert.IsType<MessageError.OutOfRange>(MessageCodec.Decode(
            TrainKind.Entry, [0xa1, 0, 0x99, 0x10, 0x01, .. new byte[4097]], Side.Server).Case);
    }

    [Property]
    public void A_body_above_the_limit_is_neither_written_nor_read(Message message)
    {
        var body = Encoded(message)[TrainHeader.Size..];
        Assert.Equal(new MessageError.TooLong(body.Length, body.Length - 1), MessageCodec.Encode(message, body.Length - 1).Case);
        Assert.IsType<byte[]>(MessageCodec.Encode(message, body.Length).Case);
    }

    [Fact]
    public void Every_message_has_a_kind_and_every_kind_but_data_a_message() =>
        Assert.Equal(
            Enum.GetValues<TrainKind>().Where(static kind => kind != TrainKind.Data),
            FsCheck.Fluent.Gen.Sample(Messages.Message_().Generator, 2000).Select(MessageCodec.KindOf).Distinct().Order());

    [Fact]
    public void The_samples_hold_every_message() =>
        Assert.Equal(
            UnionCases.Of(typeof(Message)).Select(static type => type.Name).Order(),
            FsCheck.Fluent.Gen.Sample(Messages.Message_().Generator, 2000).Select(static message => message.GetType().Name).Distinct().Order());

    [Theory]
    [InlineData(TrainKind.Get, "a0", typeof(MessageError.MissingKey))]
    [InlineData(TrainKind.Get, "a1004161", null)]
    [InlineData(TrainKind.Get, "a1006161", typeof(MessageError.WrongType))]
    [InlineData(TrainKind.Get, "a100412f", typeof(MessageError.BadPath))]
    [InlineData(TrainKind.Get, "a1005801ff", typeof(MessageError.Malformed))]
    [InlineData(TrainKind.Get, "bf004161ff", typeof(MessageError.Malformed))]
    [InlineData(TrainKind.Get, "81a1004161", typeof(MessageError.NotAMap))]
    [InlineData(TrainKind.Get, "a1616b4161", typeof(MessageError.NotAMap))]
    [InlineData(TrainKind.Get, "a20041610120", typeof(MessageError.OutOfRange))]
    [InlineData(TrainKind.Get, "a2004161011bffffffffffffffff", typeof(MessageError.OutOfRange))]
    [InlineData(TrainKind.Get, "a20041610404", typeof(MessageError.OutOfRange))]
    [InlineData(TrainKind.Meta, "a0", typeof(MessageError.UnexpectedKind))]
    [InlineData(TrainKind.Data, "a0", typeof(MessageError.UnexpectedKind))]
    [InlineData(TrainKind.Hello, "a0", typeof(MessageError.MissingKey))]
    [InlineData(TrainKind.Hello, "a1006161", typeof(MessageError.OutOfRange))]
    [InlineData(TrainKind.Error, "a2000101" + "62c328", typeof(MessageError.WrongType))]
    public void What_is_wrong_is_said_by_type(TrainKind kind, string body, Type? error) =>
        Assert.Equal(
            error ?? typeof(Message.Get),
            MessageCodec.Decode(kind, Convert.FromHexString(body), Side.Client).Case!.GetType());

    [Fact]
    public void Text_that_is_no_text_is_sent_as_text()
    {
        var message = new Message.Error(Failure.Of(ErrorCode.Busy, "a\ud800b"));
        Assert.Equal("a\ufffdb", ((Message.Error)Decoded(message, Map(message))).Failure.Text);
    }

    private static readonly TrainLimits Trains = TrainLimits.Create(TrainHeader.MaximumLength).IfLeft(default(TrainLimits));

    private static void Bounded(TrainKind kind, ReadOnlySpan<byte> body, Side side)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var decoded = MessageCodec.Decode(kind, body, side);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(decoded.IsLeft || decoded.IsRight);
        Assert.InRange(allocated, 0, 4096 + 24L * body.Length);
    }

    private static List<(CborBytes Key, CborBytes Value)> Pairs(ReadOnlyMemory<byte> body)
    {
        var reader = new CborReader(body);
        var count = reader.ReadStartMap() ?? 0;
        List<(CborBytes, CborBytes)> pairs = [];
        for (var i = 0; i < count; i++)
            pairs.Add((new(reader.ReadEncodedValue().ToArray()), new(reader.ReadEncodedValue().ToArray())));
        return pairs;
    }

    /// <summary>A value with everything in it that CBOR has: <c>[{"a": [1.5, -1, 2(h'01')]}, undefined]</c>.</summary>
    private static CborBytes Nested() => new(Convert.FromHexString("82a1616183f93e0020c24101f7"));

    private static byte[] Map(Message message) => Encoded(message)[TrainHeader.Size..^Checksum.Size];

    private static byte[] Encoded(Message message) =>
        MessageCodec.Encode(message, SessionLimits.MostControl).IfLeft(error => throw new InvalidOperationException($"{message}: {error}"));

    private static LanguageExt.Either<MessageError, Message> Decode(Message like, ReadOnlySpan<byte> body) =>
        MessageCodec.Decode(MessageCodec.KindOf(like), body, SideOf(like));

    private static Message Decoded(Message like, ReadOnlySpan<byte> body) =>
        Decode(like, body).IfLeft(static error => throw new InvalidOperationException(error.ToString()));

    private static Side SideOf(Message message) =>
        message is Message.ClientHello || MessageCodec.IsRequest(MessageCodec.KindOf(message)) ? Side.Client : Side.Server;

    private sealed record CborBytes(byte[] Bytes);
}
