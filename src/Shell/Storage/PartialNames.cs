using System.Text;

namespace Trainyard.Shell.Storage;

/// <summary>The names of a file on its way: short whatever its own name is, and hidden.</summary>
internal static class PartialNames
{
    private const int LongestKey = 128;

    /// <summary>How the file itself ends.</summary>
    public static ReadOnlySpan<byte> PartEnding => ".part"u8;

    /// <summary>How its map ends.</summary>
    public static ReadOnlySpan<byte> MapEnding => ".map"u8;

    /// <summary>The file of a key.</summary>
    /// <exception cref="ArgumentException">The key has other characters than hexadecimal digits, none, or too many.</exception>
    public static byte[] Part(string key) => [.. Stem(key), .. PartEnding];

    /// <summary>The map of a key.</summary>
    /// <exception cref="ArgumentException">As for <see cref="Part"/>.</exception>
    public static byte[] Map(string key) => [.. Stem(key), .. MapEnding];

    private static byte[] Stem(string key) =>
        key.Length is > 0 and <= LongestKey && key.All(char.IsAsciiHexDigit)
            ? [.. HiddenNames.Prefix, .. Encoding.ASCII.GetBytes(key)]
            : throw new ArgumentException("A key is 1 to 128 hexadecimal digits.", nameof(key));
}
