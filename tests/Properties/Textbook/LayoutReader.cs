using Trainyard.Core.Textbook;

namespace Trainyard.Properties.Textbook;

/// <summary>Reads a response out of a layout as an interpreter does: part by part.</summary>
internal static class LayoutReader
{
    /// <summary>The bytes of the response in <c>from ..&lt; to</c>.</summary>
    internal static byte[] Read(TextbookLayout layout, byte[] content, long from, long to)
    {
        List<byte> bytes = [];
        while (from < to)
        {
            var part = layout.PartAt(from);
            var length = (int)Math.Min(part.Length, to - from);
            if (length <= 0 || part.Position != from)
                throw new InvalidOperationException($"no progress at {from}: {part}");
            if (part.Kind == LayoutPartKind.File)
            {
                bytes.AddRange(content.AsSpan((int)part.FileOffset, length));
            }
            else
            {
                var literal = new byte[length];
                length = layout.CopyLiteral(from, literal);
                bytes.AddRange(literal.AsSpan(0, length));
            }
            from += length;
        }
        return [.. bytes];
    }
}
