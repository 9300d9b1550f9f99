using System.Text;
using Trainyard.Cli;
using Trainyard.Core.Transfer;
using Trainyard.Shell;

namespace Trainyard.Client;

/// <summary>What an address on the command line names: one thing at a server, or all that a pattern in its last names matches.</summary>
/// <param name="Text">As it was written, safe to print.</param>
/// <param name="Address">The thing, or the directory that the pattern begins in.</param>
/// <param name="Pattern">The pattern below it; <c>null</c> where there is no wildcard.</param>
/// <param name="IsDirectory">Whether a <c>/</c> stood at the end, or the root is meant.</param>
internal sealed record RemoteSource(string Text, TrainAddress Address, Glob? Pattern, bool IsDirectory)
{
    private const string UnixPath = "?path=";

    /// <summary>Whether an argument is meant as an address.</summary>
    public static bool IsAddress(string text) =>
        text.StartsWith("train://", StringComparison.OrdinalIgnoreCase) || text.StartsWith("train+unix://", StringComparison.OrdinalIgnoreCase);

    /// <summary>Reads an address that may have wildcards.</summary>
    /// <exception cref="UsageException">It is none.</exception>
    public static RemoteSource Parse(string text)
    {
        var from = FirstWildcardName(text);
        if (from < 0)
        {
            var address = Literal(text);
            return new(LocalNames.Display(text), address, null, address.IsDirectory);
        }
        var pattern = text[from..];
        var isDirectory = pattern.EndsWith('/');
        var parsed = Glob.Parse(Encoding.UTF8.GetBytes(isDirectory ? pattern[..^1] : pattern));
        return parsed.Case as Glob is { } glob
            ? new(LocalNames.Display(text), Literal(text[..from]), glob, isDirectory)
            : throw new UsageException(
                $"'{LocalNames.Display(text)}': {(parsed.Case is GlobError.BadEscape ? "a '%' is not followed by two hexadecimal digits" : "the pattern has an empty, '.' or '..' name")}");
    }

    /// <summary>Reads an address that must name one thing.</summary>
    /// <exception cref="UsageException">It is none, or has a wildcard.</exception>
    public static TrainAddress ParseOne(string text) =>
        Parse(text) is { Pattern: null } source
            ? source.Address
            : throw new UsageException($"'{LocalNames.Display(text)}' has a wildcard where one name is meant; write %2A for '*', %3F for '?', %5B for '['");

    private static TrainAddress Literal(string text)
    {
        try
        {
            return TrainAddress.Parse(text);
        }
        catch (FormatException e)
        {
            throw new UsageException($"'{LocalNames.Display(text)}': {e.Message}");
        }
    }

    // Where the first name with a wildcard begins; -1 where there is none. A '[' of an IPv6 address stands before the path.
    private static int FirstWildcardName(string text)
    {
        for (var from = PathStart(text); from < text.Length;)
        {
            var end = text.IndexOf('/', from) is >= 0 and var slash ? slash : text.Length;
            if (Glob.HasWildcard(Encoding.UTF8.GetBytes(text[from..end])))
                return from;
            from = end + 1;
        }
        return -1;
    }

    private static int PathStart(string text)
    {
        var scheme = text.IndexOf("://", StringComparison.Ordinal);
        if (scheme < 0)
            return text.Length;
        var isUnix = text.StartsWith("train+unix", StringComparison.OrdinalIgnoreCase);
        var at = isUnix ? text.IndexOf(UnixPath, StringComparison.Ordinal) : text.IndexOf('/', scheme + 3);
        if (at < 0)
            return text.Length;
        at += isUnix ? UnixPath.Length : 1;
        return isUnix && at < text.Length && text[at] == '/' ? at + 1 : at;
    }
}
