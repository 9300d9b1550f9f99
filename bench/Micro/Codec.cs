using BenchmarkDotNet.Attributes;
using LanguageExt;
using Trainyard.Core.Framing;
using Trainyard.Core.Protocol;

namespace Trainyard.Micro;

/// <summary>Trains and messages to bytes and back.</summary>
public class Codec
{
    private static readonly TrainLimits Limits = TrainLimits.Create(TrainHeader.MaximumLength).IfLeft(default(TrainLimits));

    private readonly Message _get = Samples.Get("docs/guide.txt");
    private readonly Message _meta = Samples.Meta(4096);
    private readonly byte[] _getTrain = Samples.Train(Samples.Get("docs/guide.txt"));
    private readonly byte[] _metaTrain = Samples.Train(Samples.Meta(4096));
    private readonly TrainHeader _header = TrainHeader.Create(TrainKind.Data, 4096).IfLeft(default(TrainHeader));
    private readonly byte[] _headerBytes = new byte[TrainHeader.Size];

    /// <summary>A header into bytes, and read again.</summary>
    [Benchmark]
    public DecodeStatus Header()
    {
        TrainCodec.TryEncode(_header, _headerBytes);
        return TrainCodec.DecodeHeader(_headerBytes, Limits).Status;
    }

    /// <summary>A client's GET into its train.</summary>
    [Benchmark]
    public Either<MessageError, byte[]> Encode_GET() => MessageCodec.Encode(_get, SessionLimits.MostControl);

    /// <summary>A GET from its train, checksum and path checked.</summary>
    [Benchmark]
    public Either<MessageError, Message> Decode_GET() => MessageCodec.DecodeTrain(_getTrain, Side.Client, SessionLimits.MostControl);

    /// <summary>A server's META into its train.</summary>
    [Benchmark]
    public Either<MessageError, byte[]> Encode_META() => MessageCodec.Encode(_meta, SessionLimits.MostControl);

    /// <summary>A META from its train.</summary>
    [Benchmark]
    public Either<MessageError, Message> Decode_META() => MessageCodec.DecodeTrain(_metaTrain, Side.Server, SessionLimits.MostControl);
}
