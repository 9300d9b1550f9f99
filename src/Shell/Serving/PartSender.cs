using Trainyard.Core.Textbook;
using Trainyard.Shell.Linux;

namespace Trainyard.Shell.Serving;

/// <summary>Sends a response part by part: a small send for what stands between the file's bytes, and for those whatever the heir does with them.</summary>
internal abstract class PartSender : IFileSender
{
    private readonly byte[] _literal = new byte[512];

    /// <inheritdoc/>
    public SendResult Send(Descriptor socket, ServedFile file, TextbookLayout layout, long from, long to)
    {
        var part = layout.PartAt(from);
        if (part.Kind != LayoutPartKind.Literal)
        {
            var count = Math.Min(part.Length, to - from);
            return SendPart(socket, file.Descriptor, part.FileOffset, count, isLast: from + count == layout.Length);
        }
        var length = layout.CopyLiteral(from, _literal.AsSpan(0, (int)Math.Min(_literal.Length, to - from)));
        return SendResult.OfSocket(Libc.Send(
            socket, _literal.AsSpan(0, length), from + length < layout.Length ? MessageFlags.More : MessageFlags.None));
    }

    /// <inheritdoc/>
    public abstract void Dispose();

    /// <summary>Sends bytes of the file.</summary>
    /// <param name="socket">The connection.</param>
    /// <param name="file">The file.</param>
    /// <param name="offset">Where in it to begin.</param>
    /// <param name="count">At most how many, <c>1 ..</c>.</param>
    /// <param name="isLast">Whether nothing comes behind them.</param>
    protected abstract SendResult SendPart(Descriptor socket, FileDescriptor file, long offset, long count, bool isLast);
}
