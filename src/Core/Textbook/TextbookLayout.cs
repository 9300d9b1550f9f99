using System.Buffers.Binary;
using LanguageExt;
using Trainyard.Core.Framing;

namespace Trainyard.Core.Textbook;

/// <summary>A whole response as a byte string in which anything can be found by arithmetic.</summary>
/// <remarks>
/// The response is a pure function of dialect, name and size, so a worker that knows how many of its bytes the kernel has
/// queued continues what another began. Its parts: the prologue (name train, size train, and the first data train's
/// header, all one literal), file bytes with a header between every 1000 of them where the dialect has trains, and the zero
/// train, which is always a part of its own. Positions outside <c>0 ..= Length</c> count as the nearer end. Equal by dialect,
/// name and size.
/// </remarks>
public sealed record TextbookLayout
{
    private readonly byte[] _prologue;

    private TextbookLayout(Dialect dialect, FileName name, long size)
    {
        Dialect = dialect;
        Name = name;
        Size = size;
        _prologue = Prologue();
        EndTrainAt = _prologue.Length + size + (HasTrains && size > 0 ? (size - 1) / TextbookWire.Car * TrainHeader.Size : 0);
    }

    /// <summary>The dialect spoken.</summary>
    public Dialect Dialect { get; }

    /// <summary>The name announced.</summary>
    public FileName Name { get; }

    /// <summary>The file's size, in bytes.</summary>
    public long Size { get; }

    /// <summary>Where the zero train begins: the bytes that may leave before the file is known to be whole.</summary>
    public long EndTrainAt { get; }

    /// <summary>Bytes of the response on the wire.</summary>
    public long Length => EndTrainAt + TrainHeader.Size;

    private bool HasTrains => Dialect != Dialect.Whole;

    private int FirstFilePosition => _prologue.Length;

    /// <summary>Lays a response out.</summary>
    /// <param name="dialect">Any dialect that carries a file.</param>
    /// <param name="name">The name to announce.</param>
    /// <param name="size">The file's size, in bytes, at least 0.</param>
    public static Either<LayoutError, TextbookLayout> Create(Dialect dialect, FileName name, long size)
    {
        if (!TextbookWire.CarriesFile(dialect))
            return new LayoutError.NoFileDialect(dialect);
        if (size < 0)
            return new LayoutError.NegativeSize(size);
        var headers = dialect == Dialect.Whole ? 0 : size / TextbookWire.Car * TrainHeader.Size;
        const int LiteralsAtMost = FileName.MaximumLength + TextbookWire.SizeBody + 4 * TrainHeader.Size;
        return size > long.MaxValue - headers - LiteralsAtMost
            ? new LayoutError.TooLarge(size)
            : new TextbookLayout(dialect, name, size);
    }

    /// <summary>The run of bytes of one origin that begins at <paramref name="position"/>.</summary>
    public LayoutPart PartAt(long position)
    {
        position = Math.Clamp(position, 0, Length);
        if (position < FirstFilePosition)
            return new(LayoutPartKind.Literal, position, FirstFilePosition - position, 0);
        if (position >= EndTrainAt)
            return new(LayoutPartKind.Literal, position, Length - position, Size);
        var offset = FileBytesBefore(position);
        if (!HasTrains)
            return new(LayoutPartKind.File, position, Size - offset, offset);
        var within = WithinTrain(position);
        return within < TextbookWire.Car
            ? new(LayoutPartKind.File, position, Math.Min(TextbookWire.Car - within, Size - offset), offset)
            : new(LayoutPartKind.Literal, position, TextbookWire.FullTrain - within, offset);
    }

    /// <summary>Writes the literal bytes that begin at <paramref name="position"/>.</summary>
    /// <returns>Bytes written: to the end of that literal, or of <paramref name="destination"/>; 0 where file bytes lie there.</returns>
    public int CopyLiteral(long position, Span<byte> destination)
    {
        var part = PartAt(position);
        if (part.Kind != LayoutPartKind.Literal)
            return 0;
        var count = (int)Math.Min(part.Length, destination.Length);
        if (part.Position < FirstFilePosition)
        {
            _prologue.AsSpan((int)part.Position, count).CopyTo(destination);
            return count;
        }
        Span<byte> header = stackalloc byte[TrainHeader.Size];
        var announced = (int)Math.Min(TextbookWire.Car, Size - part.FileOffset);
        BinaryPrimitives.WriteInt32LittleEndian(header, announced);
        header.Slice(TrainHeader.Size - (int)part.Length, count).CopyTo(destination);
        return count;
    }

    /// <summary>Where the file's byte at <paramref name="fileOffset"/> lies; past the last one, where the zero train begins.</summary>
    public long FilePosition(long fileOffset)
    {
        fileOffset = Math.Max(fileOffset, 0);
        if (fileOffset >= Size)
            return EndTrainAt;
        return FirstFilePosition + fileOffset + (HasTrains ? fileOffset / TextbookWire.Car * TrainHeader.Size : 0);
    }

    /// <summary>How many of the bytes before <paramref name="position"/> are the file's.</summary>
    public long FileBytesBefore(long position)
    {
        if (position <= FirstFilePosition)
            return 0;
        if (position >= EndTrainAt)
            return Size;
        var past = position - FirstFilePosition;
        return HasTrains
            ? past / TextbookWire.FullTrain * TextbookWire.Car + Math.Min(past % TextbookWire.FullTrain, TextbookWire.Car)
            : past;
    }

    /// <inheritdoc/>
    public bool Equals(TextbookLayout? other) =>
        other is not null && Dialect == other.Dialect && Size == other.Size && Name.Equals(other.Name);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Dialect, Name, Size);

    /// <summary>Bytes from the first byte of the car that <paramref name="position"/> lies in, or in the header after it.</summary>
    private int WithinTrain(long position) => (int)((position - FirstFilePosition) % TextbookWire.FullTrain);

    private byte[] Prologue()
    {
        var sizeTrain = TextbookWire.AnnouncesSize(Dialect) ? TrainHeader.Size + TextbookWire.SizeBody : 0;
        var firstHeader = HasTrains && Size > 0 ? TrainHeader.Size : 0;
        var bytes = new byte[TrainHeader.Size + Name.Length + sizeTrain + firstHeader];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, Name.Length);
        Name.Span.CopyTo(bytes.AsSpan(TrainHeader.Size));
        var next = bytes.AsSpan(TrainHeader.Size + Name.Length);
        if (sizeTrain > 0)
        {
            BinaryPrimitives.WriteInt32LittleEndian(next, TextbookWire.SizeBody);
            BinaryPrimitives.WriteInt64LittleEndian(next[TrainHeader.Size..], Size);
        }
        if (firstHeader > 0)
            BinaryPrimitives.WriteInt32LittleEndian(next[sizeTrain..], (int)Math.Min(Size, TextbookWire.Car));
        return bytes;
    }
}
