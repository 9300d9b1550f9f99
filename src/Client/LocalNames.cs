using System.Text;
using System.Text.Unicode;
using Trainyard.Core.Textbook;
using Trainyard.Shell;

namespace Trainyard.Client;

/// <summary>Local paths as the command line has them.</summary>
internal static class LocalNames
{
    /// <summary>A local path, safe to print.</summary>
    public static string Display(string path) => SafeText.Of(Encoding.UTF8.GetBytes(path));

    /// <summary>A name from a server as a local name; <c>null</c> where it is not UTF-8, which .NET's paths cannot carry.</summary>
    public static string? Of(ReadOnlySpan<byte> name) => Utf8.IsValid(name) ? Encoding.UTF8.GetString(name) : null;

    /// <summary>The name that a local path ends in.</summary>
    /// <returns>Empty where it has none: <c>/</c>, <c>.</c>, <c>..</c>, or a <c>/</c> at the end, which means the content.</returns>
    public static string NameOf(string path) => Path.GetFileName(path) is var name && name is "." or ".." ? "" : name;

    /// <summary>Makes a directory and its parents.</summary>
    /// <exception cref="TransferException">It cannot be made (local I/O).</exception>
    public static void MakeDirectory(string path)
    {
        try
        {
            Directory.CreateDirectory(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new TransferException(TransferFailure.LocalIO, $"cannot make the directory {Display(path)}: {e.Message}", e);
        }
    }
}
