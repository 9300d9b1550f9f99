using System.Runtime.InteropServices;
using Trainyard.Core.Textbook;
using Trainyard.Shell.Linux;

namespace Trainyard.Shell.Serving;

/// <summary>
/// Sends straight from a mapping of the file, the headers gathered in between. This code never touches a mapped page itself, only the
/// kernel does on its behalf: a page past the end of a file that was cut short is then EFAULT here, and no SIGBUS.
/// </summary>
internal sealed unsafe class MmapSender : IFileSender
{
    private const int BatchBytes = 2 * 1024 * 1024;
    private const int MaximumLiteral = 512;

    private readonly IoVector[] _vectors = new IoVector[IoVector.MaximumCount];
    private readonly byte* _literals = (byte*)NativeMemory.Alloc(IoVector.MaximumCount / 2 * 4 + MaximumLiteral);
    private MappedRegion? _map;
    private bool _disposed;

    /// <inheritdoc/>
    public SendResult Send(Descriptor socket, ServedFile file, TextbookLayout layout, long from, long to)
    {
        if (_map is null && layout.Size > 0)
        {
            var error = Libc.Map(file.Descriptor, 0, layout.Size, writable: false, out _map);
            if (_map is null)
                return SendResult.ReadFailed(error);
        }
        var vectors = Gather(layout, from, Math.Min(to, from + BatchBytes), out var gathered);
        var sent = Libc.SendGathered(
            socket, _vectors.AsSpan(0, vectors), from + gathered < layout.Length ? MessageFlags.More : MessageFlags.None);
        return sent.Error == Errno.BadAddress ? SendResult.Shrunk(file.CurrentSize()) : SendResult.OfSocket(sent);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        _map?.Dispose();
        NativeMemory.Free(_literals);
    }

    private int Gather(TextbookLayout layout, long from, long to, out long gathered)
    {
        var vectors = 0;
        var literals = 0;
        gathered = 0;
        // Two vectors a train at the most: stop while both still fit.
        while (from + gathered < to && vectors < _vectors.Length - 1)
        {
            var part = layout.PartAt(from + gathered);
            var length = Math.Min(part.Length, to - from - gathered);
            if (part.Kind == LayoutPartKind.Literal)
            {
                length = layout.CopyLiteral(from + gathered, new Span<byte>(_literals + literals, (int)Math.Min(length, MaximumLiteral)));
                _vectors[vectors++] = new IoVector(_literals + literals, (nuint)length);
                literals += (int)length;
            }
            else
                _vectors[vectors++] = new IoVector(_map!.Start + part.FileOffset, (nuint)length);
            gathered += length;
        }
        return vectors;
    }
}
