using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace Trainyard.Integration.Support;

/// <summary>Files to transfer, and what may be left where they arrive.</summary>
internal static class Cargo
{
    /// <summary>Makes a file of random bytes.</summary>
    public static string Create(TemporaryDirectory directory, string name, int bytes)
    {
        var content = new byte[bytes];
        Random.Shared.NextBytes(content);
        File.WriteAllBytes(directory[name], content);
        return directory[name];
    }

    /// <summary>A new directory below another.</summary>
    public static string Sub(this TemporaryDirectory directory, string name) => Directory.CreateDirectory(directory[name]).FullName;

    /// <summary>Whether two files hold the same bytes.</summary>
    public static bool Same(string left, string right)
    {
        using var a = File.OpenRead(left);
        using var b = File.OpenRead(right);
        return a.Length == b.Length && SHA256.HashData(a).AsSpan().SequenceEqual(SHA256.HashData(b));
    }

    /// <summary>The line that md5sum prints for a file.</summary>
    [SuppressMessage("Security", "CA5351", Justification = "The dialects have no digest of their own; people compare with md5sum.")]
    public static string Md5Line(string path)
    {
        using var file = File.OpenRead(path);
        return $"{Convert.ToHexStringLower(MD5.HashData(file))}  {path}";
    }

    /// <summary>Waits until a peer has written something of what it receives: the transfer runs.</summary>
    public static async Task HasBegunAsync(string path)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (new FileInfo(path) is not { Exists: true, Length: > 0 })
            await Task.Delay(5, limit.Token);
    }

    /// <summary>Everything below a directory, hidden files too.</summary>
    public static IReadOnlyList<string> Everything(string directory) =>
        [.. Directory.EnumerateFileSystemEntries(directory, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 }).Order()];
}
