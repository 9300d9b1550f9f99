using System.Globalization;
using Trainyard.Cli;
using Trainyard.Shell;

namespace Trainyard.Client;

/// <summary>An entry at a server, for people.</summary>
internal static class EntryText
{
    /// <summary>What stands before the name in a long listing: mode, bytes, local time of modification.</summary>
    public static string Prefix(RemoteEntry entry) =>
        string.Create(
            CultureInfo.InvariantCulture, $"{Mode(entry)}  {entry.Size,13}  {entry.Modified.ToLocalTime():yyyy-MM-dd HH:mm:ss}  ");

    /// <summary>What stands behind the name: a <c>/</c> for a directory, and in a long listing where a link leads.</summary>
    public static string Suffix(RemoteEntry entry, bool isLong) =>
        entry.Kind switch
        {
            RemoteEntryKind.Directory => "/",
            RemoteEntryKind.Link when isLong => $" -> {entry.TargetDisplay}",
            _ => "",
        };

    /// <summary>All that is known, one fact a line.</summary>
    public static IEnumerable<string> Facts(RemoteEntry entry)
    {
        yield return $"path      {entry.Path.Display}";
        yield return $"kind      {JsonLine.Kind(entry.Kind)}";
        if (entry.Kind == RemoteEntryKind.File)
            yield return string.Create(CultureInfo.InvariantCulture, $"size      {entry.Size}{(entry.Size < 1024 ? "" : $" ({Units.Size(entry.Size)})")}");
        if (entry.Kind == RemoteEntryKind.Link)
            yield return $"target    {entry.TargetDisplay}";
        yield return string.Create(CultureInfo.InvariantCulture, $"modified  {entry.Modified.ToLocalTime():yyyy-MM-dd HH:mm:ss.fffffff zzz}");
        yield return $"mode      {Convert.ToString(entry.Mode, 8).PadLeft(4, '0')} ({Mode(entry)})";
        if (!entry.Identity.IsNone)
            yield return $"identity  {entry.Identity}";
    }

    // As ls(1) writes it, with the set-user-id, set-group-id and sticky bits in the place of x.
    private static string Mode(RemoteEntry entry)
    {
        var kind = entry.Kind switch { RemoteEntryKind.Directory => 'd', RemoteEntryKind.Link => 'l', RemoteEntryKind.File => '-', _ => '?' };
        return string.Create(CultureInfo.InvariantCulture, $"{kind}{Triple(6, 0x800, 's')}{Triple(3, 0x400, 's')}{Triple(0, 0x200, 't')}");

        string Triple(int shift, int specialBit, char special)
        {
            var bits = entry.Mode >> shift;
            var isSpecial = (entry.Mode & specialBit) != 0;
            var execute = (bits & 1) != 0 ? isSpecial ? special : 'x' : isSpecial ? char.ToUpperInvariant(special) : '-';
            return string.Create(CultureInfo.InvariantCulture, $"{((bits & 4) != 0 ? 'r' : '-')}{((bits & 2) != 0 ? 'w' : '-')}{execute}");
        }
    }
}
