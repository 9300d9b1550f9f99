namespace Trainyard.Server;

/// <summary>Numbers as small bars.</summary>
internal static class Bars
{
    private const string Levels = "▁▂▃▄▅▆▇█";

    /// <summary>One bar; nothing at all is the lowest.</summary>
    /// <param name="fraction">How full, <c>0 ..= 1</c>.</param>
    public static char Of(double fraction) => Levels[(int)Math.Ceiling(Math.Clamp(fraction, 0, 1) * (Levels.Length - 1))];

    /// <summary>The last values side by side, the highest of them a full bar.</summary>
    public static string Sparkline(IReadOnlyList<double> values, int width)
    {
        var shown = values.Skip(Math.Max(0, values.Count - width)).ToArray();
        var highest = shown.DefaultIfEmpty().Max();
        return string.Concat(shown.Select(value => Of(highest > 0 ? value / highest : 0)));
    }
}
