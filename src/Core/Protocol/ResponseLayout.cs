using LanguageExt;
using Trainyard.Core.Framing;
using static LanguageExt.Prelude;

namespace Trainyard.Core.Protocol;

/// <summary>The whole answer to a GET as a byte string in which anything can be found by arithmetic.</summary>
/// <remarks>
/// The answer is a pure function of the range and of <see cref="Message.Meta"/>, which holds the file's identity and the train size, so a worker
/// that knows how many of its bytes the kernel has queued continues what another began. Its parts: the META train and the first data train's
/// header (one literal), file bytes with a header before every train of them, and the FIN train, whose last bytes are the digest. Without file
/// bytes there is no data train. Positions outside <c>0 ..= Length</c> count as the nearer end. Equal by range and META. Thread-safe.
/// </remarks>
public sealed record ResponseLayout
{
    private const int MaximumFin = 128;

    private readonly byte[] _meta;
    private readonly byte[] _fin;

    private ResponseLayout(FileRange range, Message.Meta meta, byte[] metaTrain, byte[] finTrain)
    {
        Meta = meta;
        Offset = range.Offset;
        FileBytes = range.CoveredOf(meta.Size);
        _meta = metaTrain;
        _fin = finTrain;
        FinAt = metaTrain.Length + FileBytes + Headers(FileBytes, meta.TrainSize) * TrainHeader.Size;
    }

    /// <summary>What the response says of the file.</summary>
    public Message.Meta Meta { get; }

    /// <summary>The first file byte sent, counted from the file's beginning.</summary>
    public long Offset { get; }

    /// <summary>How many file bytes are sent.</summary>
    public long FileBytes { get; }

    /// <summary>Where the FIN train begins: the bytes that may leave before the file is known to be unchanged.</summary>
    public long FinAt { get; }

    /// <summary>Where the digest begins: the bytes that may leave before it is known.</summary>
    public long DigestAt => Length - TailLength;

    /// <summary>Bytes of the digest and of the checksum behind it.</summary>
    public int TailLength => HashAlgorithms.DigestLength(Meta.Algorithm) + Checksum.Size;

    /// <summary>Bytes of the response on the wire.</summary>
    public long Length => FinAt + _fin.Length;

    private int FirstTrainAt => _meta.Length;

    private long FullTrain => TrainHeader.Size + (long)Meta.TrainSize;

    /// <summary>Lays a response out.</summary>
    /// <param name="range">What is asked for; a length past the end of the file counts to its end.</param>
    /// <param name="meta">The file as it is.</param>
    public static Either<ResponseLayoutError, ResponseLayout> Create(FileRange range, Message.Meta meta)
    {
        if (range.Offset < 0 || range.Offset > meta.Size || range.Length < 0)
            return Refuse(new ResponseLayoutError.RangeOutside(range.Offset, meta.Size));
        var covered = range.CoveredOf(meta.Size);
        var fin = new Message.Fin(covered, new(new byte[HashAlgorithms.DigestLength(meta.Algorithm)]));
        return MessageCodec.Encode(meta, SessionLimits.MostControl).MapLeft<ResponseLayoutError>(static error => new ResponseLayoutError.BadMeta(error))
            .Bind(metaTrain => MessageCodec.Encode(fin, SessionLimits.MostControl)
                .MapLeft<ResponseLayoutError>(static error => new ResponseLayoutError.BadMeta(error))
                .Bind(finTrain => Fits(covered, meta.TrainSize, metaTrain.Length + finTrain.Length)
                    ? Right<ResponseLayoutError, ResponseLayout>(new(range, meta, metaTrain, finTrain))
                    : Refuse(new ResponseLayoutError.TooLarge(covered))));
    }

    /// <summary>The run of bytes of one origin that begins at <paramref name="position"/>.</summary>
    public ResponsePart PartAt(long position)
    {
        position = Math.Clamp(position, 0, Length);
        if (position >= DigestAt)
            return new(ResponsePartKind.Digest, position, Length - position, position - DigestAt);
        if (position >= FinAt)
            return new(ResponsePartKind.Literal, position, DigestAt - position, 0);
        if (position < FirstTrainAt)
            return new(ResponsePartKind.Literal, position, FirstTrainAt - position + (FileBytes > 0 ? TrainHeader.Size : 0), 0);
        var within = WithinTrain(position);
        if (within < TrainHeader.Size)
            return new(ResponsePartKind.Literal, position, TrainHeader.Size - within, 0);
        var before = FileBytesBefore(position);
        var length = Math.Min(FullTrain - within, FileBytes - before);
        return new(ResponsePartKind.File, position, length, Offset + before);
    }

    /// <summary>Writes the literal bytes that begin at <paramref name="position"/>.</summary>
    /// <returns>Bytes written: to the end of that literal, or of <paramref name="destination"/>; 0 where other bytes lie there.</returns>
    public int CopyLiteral(long position, Span<byte> destination)
    {
        var part = PartAt(position);
        if (part.Kind != ResponsePartKind.Literal)
            return 0;
        var count = (int)Math.Min(part.Length, destination.Length);
        var to = destination[..count];
        position = part.Position;
        if (position >= FinAt)
        {
            _fin.AsSpan((int)(position - FinAt), count).CopyTo(to);
            return count;
        }
        if (position < FirstTrainAt)
        {
            var meta = _meta.AsSpan((int)position);
            meta = meta[..Math.Min(meta.Length, count)];
            meta.CopyTo(to);
            to = to[meta.Length..];
            position += meta.Length;
        }
        if (!to.IsEmpty)
            CopyHeader(position, to);
        return count;
    }

    /// <summary>Writes the last <see cref="TailLength"/> bytes of the response: the digest and the checksum of the FIN train.</summary>
    /// <param name="digest">The digest of the file bytes, as long as its algorithm's digests are.</param>
    /// <param name="destination">At least <see cref="TailLength"/> bytes.</param>
    public void CopyTail(Opaque digest, Span<byte> destination)
    {
        Span<byte> fin = stackalloc byte[MaximumFin];
        fin = fin[.._fin.Length];
        _fin.CopyTo(fin);
        digest.Span.CopyTo(fin[^TailLength..^Checksum.Size]);
        Checksum.Seal(fin);
        fin[^TailLength..].CopyTo(destination);
    }

    /// <summary>Where the file byte at <paramref name="fileOffset"/> lies; the FIN train for one behind the range, the first byte for one before it.</summary>
    public long PositionOf(long fileOffset)
    {
        var sent = Math.Max(fileOffset, Offset) - Offset;
        return sent >= FileBytes ? FinAt : FirstTrainAt + sent + (sent / Meta.TrainSize + 1) * TrainHeader.Size;
    }

    /// <summary>How many of the bytes before <paramref name="position"/> are the file's.</summary>
    public long FileBytesBefore(long position)
    {
        if (position <= FirstTrainAt)
            return 0;
        if (position >= FinAt)
            return FileBytes;
        var past = position - FirstTrainAt;
        return past / FullTrain * Meta.TrainSize + Math.Max(0, past % FullTrain - TrainHeader.Size);
    }

    /// <summary>The first position not before <paramref name="position"/> at which a train begins, so that an ERROR train may come instead.</summary>
    public long BoundaryFrom(long position)
    {
        if (position <= 0)
            return 0;
        if (position <= FirstTrainAt)
            return FirstTrainAt;
        if (position > FinAt)
            return Length;
        var within = WithinTrain(position);
        var left = within == 0 ? 0 : FullTrain - within;
        return left < FinAt - position ? position + left : FinAt;
    }

    /// <inheritdoc/>
    public bool Equals(ResponseLayout? other) =>
        other is not null && Offset == other.Offset && FileBytes == other.FileBytes && Meta.Equals(other.Meta);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Offset, FileBytes, Meta);

    private void CopyHeader(long position, Span<byte> destination)
    {
        var within = WithinTrain(position);
        var length = Math.Min(Meta.TrainSize, FileBytes - (position - FirstTrainAt) / FullTrain * Meta.TrainSize);
        Span<byte> header = stackalloc byte[TrainHeader.Size];
        TrainCodec.TryEncode(TrainHeader.Of(TrainKind.Data, (int)length), header);
        header.Slice((int)within, destination.Length).CopyTo(destination);
    }

    /// <summary>Bytes from the header of the train that <paramref name="position"/> lies in.</summary>
    private long WithinTrain(long position) => (position - FirstTrainAt) % FullTrain;

    private static long Headers(long fileBytes, int trainSize) => fileBytes == 0 ? 0 : (fileBytes - 1) / trainSize + 1;

    private static bool Fits(long fileBytes, int trainSize, int controlBytes) =>
        (Int128)fileBytes + (Int128)Headers(fileBytes, trainSize) * TrainHeader.Size + controlBytes <= long.MaxValue;

    private static Either<ResponseLayoutError, ResponseLayout> Refuse(ResponseLayoutError error) =>
        Left<ResponseLayoutError, ResponseLayout>(error);
}
