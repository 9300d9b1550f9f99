using Trainyard.Core.Textbook;
using Trainyard.Shell.Linux;

namespace Trainyard.Shell.Serving;

/// <summary>
/// Reads a stretch of the file into a buffer, with the headers between the cars already in place, and sends it in one call. The gaps come
/// from preadv(2): one read scatters the file's bytes around the headers, so that small trains cost no more system calls than large ones.
/// </summary>
internal sealed unsafe class CopySender(SendBuffer buffer) : IFileSender
{
    private readonly IoVector[] _vectors = new IoVector[IoVector.MaximumCount];

    /// <inheritdoc/>
    public SendResult Send(Descriptor socket, ServedFile file, TextbookLayout layout, long from, long to)
    {
        var bytes = buffer.At(this, from);
        if (bytes.IsEmpty)
        {
            if (Fill(file, layout, from, to) is { } failure)
                return failure;
            bytes = buffer.At(this, from);
        }
        return SendResult.OfSocket(Libc.Send(socket, bytes, from + bytes.Length < layout.Length ? MessageFlags.More : MessageFlags.None));
    }

    /// <inheritdoc/>
    public void Dispose() => buffer.Hold(this, 0, 0);

    private SendResult? Fill(ServedFile file, TextbookLayout layout, long from, long to)
    {
        var filled = 0;
        var vectors = 0;
        var (fileOffset, fileBytes) = (layout.FileBytesBefore(from), 0L);
        var room = (int)Math.Min(SendBuffer.Capacity, to - from);
        while (filled < room && vectors < _vectors.Length)
        {
            var part = layout.PartAt(from + filled);
            var length = (int)Math.Min(part.Length, room - filled);
            if (part.Kind == LayoutPartKind.Literal)
                layout.CopyLiteral(from + filled, new Span<byte>(buffer.Pointer + filled, length));
            else
            {
                _vectors[vectors++] = new IoVector(buffer.Pointer + filled, (nuint)length);
                fileBytes += length;
            }
            filled += length;
        }
        if (fileBytes > 0)
        {
            var read = Libc.ReadScatteredAt(file.Descriptor, _vectors.AsSpan(0, vectors), fileOffset);
            if (!read.IsOk)
                return SendResult.ReadFailed(read.Error);
            if (read.Count == 0)
                return SendResult.Shrunk(fileOffset);
            // A short read ends the stretch where the next byte of the file would lie.
            if (read.Count < fileBytes)
                filled = (int)(layout.FilePosition(fileOffset + read.Count) - from);
        }
        buffer.Hold(this, from, filled);
        return null;
    }
}
