using System.Security.Cryptography;
using FsCheck;
using FsCheck.Xunit;
using Trainyard.Core.Framing;
using Trainyard.Core.Protocol;
using Trainyard.Properties.Arbitraries;
using Xunit;
using HashAlgorithm = Trainyard.Core.Protocol.HashAlgorithm;

namespace Trainyard.Properties.Protocol;

[Properties(Arbitrary = [typeof(ResponsesArbitrary), typeof(StreamCutsArbitrary)], MaxTest = 300)]
public class ResponseReceiverProperties
{
    private static readonly SessionLimits Limits = SessionLimits.Default with { MaximumTrain = TrainHeader.MaximumLength };

    [Property]
    public void However_it_is_cut_a_response_gives_its_range(Response any, StreamCuts cuts)
    {
        var response = Digested(any);
        byte[] next = [1, 2, 3];
        var run = Receive(Request(response), [.. response.Reference(), .. next], cuts);
        Assert.True(run.State.IsFinished, $"{run.State.Error}");
        Assert.Equal(response.Meta, run.State.Meta);
        Assert.Equal(Sent(response), run.Content);
        Assert.Equal(next, run.Left);
    }

    [Property]
    public void Cut_short_it_is_never_a_file(Response any, StreamCuts cuts)
    {
        var response = Digested(any);
        var wire = response.Reference();
        for (var length = 0; length < wire.Length; length++)
        {
            var run = Receive(Request(response), wire[..length], cuts);
            Assert.Equal(new ResponseError.Truncated(run.Content.Length), run.State.Error);
            Assert.Equal(Sent(response)[..run.Content.Length], run.Content);
        }
    }

    [Property]
    public void A_flipped_bit_never_gives_another_file(Response any, StreamCuts cuts, NonNegativeInt seed)
    {
        var response = Digested(any);
        var wire = response.Reference();
        for (var at = seed.Get % 3; at < wire.Length; at += 3)
        {
            var damaged = wire.ToArray();
            damaged[at] ^= (byte)(1 << (at + seed.Get) % 8);
            var run = Receive(Request(response), damaged, cuts);
            Assert.True(run.State.IsEnded);
            if (run.State.IsFinished)
                Assert.Equal(Sent(response), run.Content);
        }
    }

    [Property]
    public void Goes_on_where_it_broke_off_and_only_with_the_same_file(Response any, StreamCuts cuts, NonNegativeInt cut)
    {
        var response = Digested(any with { Range = default });
        var wire = response.Reference();
        var first = Receive(Request(response), wire[..(cut.Get % wire.Length)], cuts);
        var rest = Digested(response with { Range = new(first.Content.Length, null) });
        var second = Receive(Request(rest) with { IfIdentity = response.Meta.Identity }, rest.Reference(), cuts);
        Assert.True(second.State.IsFinished);
        Assert.Equal(response.Content, first.Content.Concat(second.Content));
        var changed = Receive(Request(rest) with { IfIdentity = new("other"u8) }, rest.Reference(), cuts);
        Assert.Equal(new ResponseError.Changed(new("other"u8), response.Meta.Identity), changed.State.Error);
        Assert.Empty(changed.Content);
    }

    [Property]
    public void An_error_instead_of_any_train_ends_it_and_leaves_the_session_in_step(Response any, StreamCuts cuts)
    {
        var response = Digested(any);
        var (wire, failure) = (response.Reference(), Failure.Of(ErrorCode.Changed));
        var error = MessageCodec.Encode(new Message.Error(failure), Limits.MaximumControl).IfLeft(static _ => []);
        for (var at = 0L; at < wire.Length; at = response.Layout.BoundaryFrom(at + 1))
        {
            var run = Receive(Request(response), [.. wire.AsSpan(0, (int)at), .. error, 9], cuts);
            Assert.Equal(new ResponseError.Refused(failure), run.State.Error);
            Assert.Equal([9], run.Left);
        }
    }

    [Fact]
    public void What_is_wrong_is_said_by_type()
    {
        var meta = new Message.Meta(10, 0, 0, new("i"u8), 4, HashAlgorithm.Sha256);
        var get = new Message.Get(Messages.PathOf("a"u8), default, default, null);
        Assert.Equal(new ResponseError.UnexpectedKind(TrainKind.Data), Error(get, 0, 0, 0, 0));
        Assert.Equal(new ResponseError.UnexpectedKind(TrainKind.Fin), Error(get, 1, 0, 0, 18, 0xa0));
        Assert.Equal(new ResponseError.TrainLength(0, 4), Error(get, [.. Train(meta), 0, 0, 0, 0]));
        Assert.Equal(new ResponseError.TrainLength(3, 4), Error(get, [.. Train(meta), 3, 0, 0, 0]));
        Assert.Equal(new ResponseError.TrainLength(1, 0), Error(get, [.. Train(meta with { Size = 0 }), 1, 0, 0, 0]));
        Assert.Equal(new ResponseError.UnexpectedKind(TrainKind.Meta), Error(get, [.. Train(meta), .. Train(meta)]));
        Assert.Equal(new ResponseError.WrongTotal(10, 0, 10), Error(get, [.. Train(meta), .. Train(new Message.Fin(10, new(new byte[16])))]));
        Assert.Equal(
            new ResponseError.WrongDigest(default, default),
            Error(get, [.. Train(meta with { Size = 0 }), .. Train(new Message.Fin(0, default))]));
        Assert.Equal(
            new ResponseError.WrongAlgorithm(HashAlgorithm.Xxh128, HashAlgorithm.Sha256), Error(get with { Algorithm = HashAlgorithm.Xxh128 }, Train(meta)));
        Assert.Equal(new ResponseError.RangeOutside(11, 10), Error(get with { Range = new(11, null) }, Train(meta)));
        Assert.IsType<ResponseError.BadMessage>(Error(get, 1, 0, 0, 17, 0xa0));
        var tooLong = new FramingError.LengthOutOfRange(Limits.MaximumControl + 1, Limits.MaximumControl);
        Assert.Equal(new ResponseError.BadTrain(tooLong), Error(get, 1, 0, 1, 17));
    }

    [Fact]
    public void Bytes_moved_past_it_count_and_miscounts_end_it()
    {
        var response = Digested(new(default, new(10, 0, 0, new("i"u8), 100, HashAlgorithm.Sha256), TrainsArbitrary.Bytes(10, 1), new byte[16]));
        var wire = response.Reference();
        var state = ResponseReceiver.Read(Start(Request(response)), wire).State;
        var inside = ResponseReceiver.Read(state, [10, 0, 0, 0]).State;
        Assert.Equal(10, inside.ExpectedData);
        var moved = ResponseReceiver.Moved(ResponseReceiver.Moved(inside, 4), 6);
        Assert.Equal((10L, 0L), (moved.Received, moved.ExpectedData));
        var end = ResponseReceiver.Read(moved, wire.AsSpan((int)response.Layout.FinAt)).State;
        Assert.True(ResponseReceiver.Verify(end, new(response.Digest)).IsFinished);
        Assert.IsType<ResponseError.WrongDigest>(ResponseReceiver.Verify(end, new(new byte[16])).Error);
        Assert.False(ResponseReceiver.Verify(moved, new(response.Digest)).IsEnded);
        Assert.Equal(new ResponseError.Miscounted(11, 10), ResponseReceiver.Moved(inside, 11).Error);
        Assert.Equal(new ResponseError.Miscounted(-1, 10), ResponseReceiver.Moved(inside, -1).Error);
    }

    private static ResponseError? Error(Message.Get get, params byte[] wire) => Receive(get, wire, new([])).State.Error;

    private static byte[] Train(Message message) => MessageCodec.Encode(message, Limits.MaximumControl).IfLeft(static _ => []);

    private static Message.Get Request(Response response) => new(Messages.PathOf("a"u8), response.Range, default, null);

    private static ResponseState Start(Message.Get request) => new(request, HashAlgorithm.Sha256, Limits);

    private static byte[] Sent(Response response) => response.Content.AsSpan((int)response.Layout.Offset, (int)response.Layout.FileBytes).ToArray();

    /// <summary>The response with the digest that its bytes have.</summary>
    private static Response Digested(Response any)
    {
        var response = new Response(any.Range, any.Meta with { Algorithm = HashAlgorithm.Sha256 }, any.Content, []);
        return response with { Digest = SHA256.HashData(Sent(response)) };
    }

    /// <summary>Receives as an interpreter does: keeps what is not consumed, computes the digest of what came.</summary>
    private static (ResponseState State, byte[] Content, byte[] Left) Receive(Message.Get request, byte[] wire, StreamCuts cuts)
    {
        var (state, content, buffer) = (Start(request), new List<byte>(), new List<byte>());
        foreach (var piece in cuts.Cut(wire))
        {
            buffer.AddRange(piece.Span);
            for (var action = ResponseAction.Data; action is not (ResponseAction.NeedMore or ResponseAction.Ended);)
            {
                var step = ResponseReceiver.Read(state, buffer.ToArray());
                content.AddRange(buffer.Take(step.Consumed).TakeLast(step.DataLength));
                buffer.RemoveRange(0, step.Consumed);
                (state, action) = (step.State, step.Action);
                if (action == ResponseAction.Fin)
                    state = ResponseReceiver.Verify(state, new(SHA256.HashData([.. content])));
            }
        }
        return (ResponseReceiver.EndOfStream(state), [.. content], [.. buffer]);
    }
}
