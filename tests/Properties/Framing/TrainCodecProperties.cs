using System.Buffers;
using System.Buffers.Binary;
using FsCheck.Xunit;
using LanguageExt;
using Trainyard.Core.Framing;
using Trainyard.Properties.Arbitraries;
using Xunit;

namespace Trainyard.Properties.Framing;

[Properties(Arbitrary = [typeof(TrainsArbitrary), typeof(StreamCutsArbitrary)], MaxTest = 300)]
public class TrainCodecProperties
{
    private static readonly TrainLimits Everything = Limits(TrainHeader.MaximumLength);

    [Property]
    public void Decoding_a_header_inverts_encoding_it(TrainHeader header)
    {
        var wire = new byte[TrainHeader.Size];
        Assert.True(TrainCodec.TryEncode(header, wire));
        var decoding = TrainCodec.DecodeHeader(wire, Everything);
        Assert.Equal((DecodeStatus.Done, header), (decoding.Status, decoding.Header));
    }

    [Property]
    public void Decoding_a_stream_gives_the_trains_encoded_however_it_is_cut(Train[] trains, StreamCuts cuts)
    {
        var rest = cuts.Segments(Encode(trains));
        foreach (var train in trains)
        {
            var decoding = TrainCodec.Decode(rest, Everything);
            Assert.Equal(DecodeStatus.Done, decoding.Status);
            Assert.Equal((train.Kind, train.Body.Length), (decoding.Header.Kind, decoding.Header.Length));
            Assert.Equal(train.Body, decoding.Body.ToArray());
            rest = rest.Slice(decoding.Body.End);
        }
        Assert.True(rest.IsEmpty);
    }

    [Property]
    public void A_partial_train_asks_for_exactly_what_is_missing(Train train, StreamCuts cuts)
    {
        var wire = Encode([train]);
        for (var length = 0; length < wire.Length; length += length < 8 || length > wire.Length - 4 ? 1 : 97)
        {
            var decoding = TrainCodec.Decode(cuts.Segments(wire.AsMemory(0, length)), Everything);
            var missing = length < TrainHeader.Size ? TrainHeader.Size - length : wire.Length - length;
            Assert.Equal((DecodeStatus.NeedMore, missing), (decoding.Status, decoding.Needed));
            Assert.Equal(length == 0 ? null : new FramingError.Truncated(length, missing), decoding.AtEndOfStream());
        }
    }

    [Property]
    public void Any_bytes_decode_within_the_limit_or_are_refused(int word, byte[] rest, ushort limit, StreamCuts cuts)
    {
        var wire = new byte[TrainHeader.Size + rest.Length];
        BinaryPrimitives.WriteInt32LittleEndian(wire, word & 0x7f00_ffff);
        rest.CopyTo(wire, TrainHeader.Size);
        var announced = word & 0xffff;
        var decoding = TrainCodec.Decode(cuts.Segments(wire), Limits(limit));
        var expected = announced > limit ? DecodeStatus.Refused : announced > rest.Length ? DecodeStatus.NeedMore : DecodeStatus.Done;
        Assert.Equal(expected, decoding.Status);
        Assert.Equal(announced > limit ? new FramingError.LengthOutOfRange(announced, limit) : null, decoding.Error);
        Assert.True(decoding.Body.Length <= limit);
    }

    [Fact]
    public void The_textbook_limits_read_every_header_as_a_signed_length()
    {
        int[] words = [0, 1, 999, 1000, 1001, 0xffffff, 0x1000000, 0x1000005, int.MaxValue, -1, -1000, int.MinValue];
        foreach (var word in words)
        {
            var decoding = TrainCodec.DecodeHeader(BitConverter.GetBytes(word), TrainLimits.Textbook);
            FramingError? refusal = word is >= 0 and <= 1000 ? null : new FramingError.LengthOutOfRange(word, 1000);
            Assert.Equal(refusal, decoding.Error);
            Assert.Equal(refusal is null ? DecodeStatus.Done : DecodeStatus.Refused, decoding.Status);
        }
    }

    [Fact]
    public void A_hostile_length_costs_no_more_than_its_error()
    {
        byte[] hostile = [0xff, 0xff, 0xff, 0xff, 1, 2, 3];
        var limits = Limits(64);
        Assert.InRange(Allocated(() => TrainCodec.Decode(new(hostile), limits)), 1, 200);
    }

    [Fact]
    public void Decoding_a_train_allocates_nothing()
    {
        var wire = new StreamCuts([3, 500]).Segments(Encode([new Train(TrainKind.Data, new byte[1000])]));
        Assert.Equal(0, Allocated(() => TrainCodec.Decode(wire, TrainLimits.Textbook)));
        Assert.Equal(0, Allocated(() => TrainCodec.Decode(wire.Slice(0, 700), TrainLimits.Textbook)));
    }

    [Fact]
    public void The_wire_is_kind_over_a_little_endian_length()
    {
        var wire = new ArrayBufferWriter<byte>();
        TrainCodec.Write(wire, TrainHeader.FromWord(0x10_03_02_01));
        Assert.Equal([1, 2, 3, 16], wire.WrittenSpan.ToArray());
        Assert.Equal((TrainKind.Get, 0x030201), Facts(TrainHeader.FromWord(0x10_03_02_01)));
    }

    [Fact]
    public void Without_room_nothing_is_encoded()
    {
        byte[] three = [7, 7, 7];
        Assert.False(TrainCodec.TryEncode(default, three));
        Assert.Equal([7, 7, 7], three);
    }

    [Fact]
    public void A_body_that_no_header_can_announce_is_not_written()
    {
        var wire = new ArrayBufferWriter<byte>();
        var error = TrainCodec.Write(wire, TrainKind.Data, new byte[TrainHeader.MaximumLength + 1]);
        Assert.Equal(new FramingError.LengthOutOfRange(TrainHeader.MaximumLength + 1, TrainHeader.MaximumLength), error);
        Assert.Equal(0, wire.WrittenCount);
    }

    [Theory]
    [InlineData(-1, false)]
    [InlineData(0, true)]
    [InlineData(0xffffff, true)]
    [InlineData(0x1000000, false)]
    [InlineData(long.MinValue, false)]
    [InlineData(0x1_0000_0001, false)]
    public void Headers_and_limits_exist_for_24_bits_of_length(long length, bool exists)
    {
        Assert.Equal(exists, TrainHeader.Create(TrainKind.Put, length).Match(header => header.Length == length, static _ => false));
        Assert.Equal(exists, TrainLimits.Create(length).Match(limits => limits.MaximumLength == length, static _ => false));
    }

    [Fact]
    public void Defaults_are_the_zero_train()
    {
        Assert.True(default(TrainHeader).IsZero);
        Assert.Equal((DecodeStatus.Done, 0L), (default(TrainDecoding).Status, default(TrainDecoding).Body.Length));
        Assert.Equal((DecodeStatus.Done, default), (default(HeaderDecoding).Status, default(HeaderDecoding).Header));
        Assert.True(default(TrainLimits).Allow(default));
    }

    private static (TrainKind Kind, int Length) Facts(TrainHeader header) => (header.Kind, header.Length);

    private static TrainLimits Limits(int maximum) => TrainLimits.Create(maximum).IfLeft(static () => default);

    private static byte[] Encode(Train[] trains)
    {
        var wire = new ArrayBufferWriter<byte>();
        foreach (var train in trains)
            Assert.Null(TrainCodec.Write(wire, train.Kind, train.Body));
        return wire.WrittenSpan.ToArray();
    }

    private static long Allocated(Action act)
    {
        act();
        var before = GC.GetAllocatedBytesForCurrentThread();
        act();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
