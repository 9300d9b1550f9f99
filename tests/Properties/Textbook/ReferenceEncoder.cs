using System.Buffers.Binary;
using Trainyard.Core.Textbook;
using Trainyard.Properties.Arbitraries;

namespace Trainyard.Properties.Textbook;

/// <summary>The dialects as the chapter writes them: one train after another.</summary>
internal static class ReferenceEncoder
{
    internal static byte[] Encode(TextbookFile file) => Encode(file, announced: file.Content.Length);

    /// <summary>As a sender that announces another size.</summary>
    internal static byte[] Encode(TextbookFile file, long announced)
    {
        List<byte> wire = [];
        AddTrain(wire, file.Name.Span);
        if (file.Dialect != Dialect.Trains)
        {
            var size = new byte[8];
            BinaryPrimitives.WriteInt64LittleEndian(size, announced);
            AddTrain(wire, size);
        }
        if (file.Dialect == Dialect.Whole)
        {
            wire.AddRange(file.Content);
        }
        else
        {
            foreach (var car in file.Content.Chunk(1000))
                AddTrain(wire, car);
        }
        AddTrain(wire, []);
        return [.. wire];
    }

    internal static void AddTrain(List<byte> wire, ReadOnlySpan<byte> body)
    {
        wire.AddRange([(byte)body.Length, (byte)(body.Length >> 8), 0, 0]);
        wire.AddRange(body);
    }
}
