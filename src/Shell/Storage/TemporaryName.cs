using System.Text;
using Trainyard.Shell.Linux;

namespace Trainyard.Shell.Storage;

/// <summary>Names for what lies in a directory before it gets its own name. Hidden from clients, and never guessed by them.</summary>
internal static class TemporaryName
{
    private const int RandomBytes = 16;

    /// <summary>A name that nothing has.</summary>
    public static byte[] Create() =>
        [.. HiddenNames.Prefix, .. Encoding.ASCII.GetBytes(Convert.ToHexStringLower(Libc.Random(RandomBytes))), .. ".tmp"u8];
}
