using System.Text;
using Trainyard.Core.Textbook;

namespace Trainyard.Client;

/// <summary>A line as <c>md5sum</c>, <c>sha256sum</c> and <c>xxh128sum</c> print it and check it (coreutils, "md5sum invocation").</summary>
internal static class ChecksumLine
{
    /// <summary>The line, without its end.</summary>
    /// <param name="digest">In lower-case hexadecimal.</param>
    /// <param name="name">The file's name; any bytes.</param>
    /// <param name="forTerminal">Whether what a terminal would obey is escaped too; such a line can no more be checked.</param>
    public static byte[] Of(string digest, ReadOnlySpan<byte> name, bool forTerminal)
    {
        if (forTerminal)
            return Encoding.UTF8.GetBytes($"{digest}  {SafeText.Of(name)}");
        // A name with one of these is announced by a backslash before the digest.
        if (!name.ContainsAny("\\\n\r"u8))
            return [.. Encoding.ASCII.GetBytes(digest), (byte)' ', (byte)' ', .. name];
        var line = new List<byte>([(byte)'\\', .. Encoding.ASCII.GetBytes(digest), (byte)' ', (byte)' ']);
        foreach (var value in name)
        {
            line.AddRange(value switch
            {
                (byte)'\\' => @"\\"u8,
                (byte)'\n' => @"\n"u8,
                (byte)'\r' => @"\r"u8,
                _ => [value],
            });
        }
        return [.. line];
    }
}
