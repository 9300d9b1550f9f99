using System.Buffers;
using System.Text;

namespace Trainyard.Core.Transfer;

/// <summary>A name in the units that a wildcard counts: characters where the bytes are UTF-8, single bytes where they are not.</summary>
internal static class NameUnits
{
    // Behind the last code point, so that a stray byte is never equal to a character.
    private const int StrayByte = 0x110000;

    /// <summary>The units. Different bytes give different units.</summary>
    public static int[] Of(ReadOnlySpan<byte> name)
    {
        var units = new int[name.Length];
        var count = 0;
        while (!name.IsEmpty)
        {
            units[count++] = First(name, out var length);
            name = name[length..];
        }
        return units[..count];
    }

    /// <summary>The first unit, and how many bytes it takes.</summary>
    /// <param name="name">At least one byte.</param>
    /// <param name="length">Its bytes, <c>1 ..= 4</c>.</param>
    public static int First(ReadOnlySpan<byte> name, out int length)
    {
        if (Rune.DecodeFromUtf8(name, out var rune, out length) == OperationStatus.Done)
            return rune.Value;
        // An incomplete sequence may be several bytes long; each of them is a unit of its own.
        length = 1;
        return StrayByte + name[0];
    }
}
