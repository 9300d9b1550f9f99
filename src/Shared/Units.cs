using System.Globalization;

namespace Trainyard.Cli;

/// <summary>Sizes and durations as people write them.</summary>
internal static class Units
{
    /// <summary>Bytes: a whole number, with K, M, G or T for powers of 1024.</summary>
    public static bool TryParseSize(string text, out long bytes)
    {
        var shift = text.Length == 0 ? 0 : "KMGT".IndexOf(char.ToUpperInvariant(text[^1]), StringComparison.Ordinal) + 1;
        bytes = 0;
        if (!long.TryParse(shift > 0 ? text[..^1] : text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return false;
        if (number > long.MaxValue >> (10 * shift))
            return false;
        bytes = number << (10 * shift);
        return true;
    }

    /// <summary>A duration: a number with ms, s, m or h, seconds without; <c>none</c> is <c>null</c>, no limit.</summary>
    public static bool TryParseDuration(string text, out TimeSpan? duration)
    {
        duration = null;
        if (text == "none")
            return true;
        var (digits, seconds) =
            text.EndsWith("ms", StringComparison.Ordinal) ? (text[..^2], 0.001)
            : text.EndsWith('s') ? (text[..^1], 1.0)
            : text.EndsWith('m') ? (text[..^1], 60.0)
            : text.EndsWith('h') ? (text[..^1], 3600.0)
            : (text, 1.0);
        if (!double.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
            return false;
        if (number * seconds is not (> 0 and <= 1e9))
            return false;
        duration = TimeSpan.FromSeconds(number * seconds);
        return true;
    }

    /// <summary>Bytes for people, in powers of 1024.</summary>
    public static string Size(double bytes)
    {
        string[] units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];
        var unit = 0;
        for (; bytes >= 1024 && unit < units.Length - 1; unit++)
            bytes /= 1024;
        return string.Create(CultureInfo.InvariantCulture, $"{bytes:0.##} {units[unit]}");
    }

    /// <summary>A rate for people.</summary>
    public static string Rate(long bytes, TimeSpan elapsed) =>
        elapsed > TimeSpan.Zero ? $"{Size(bytes / elapsed.TotalSeconds)}/s" : "-";
}
