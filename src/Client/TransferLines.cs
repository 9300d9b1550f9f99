using System.Globalization;
using Spectre.Console;
using Spectre.Console.Rendering;
using Trainyard.Cli;
using Trainyard.Shell;

namespace Trainyard.Client;

/// <summary>A running transfer in two lines: how much, how fast and how long yet; and below it what moves now.</summary>
internal static class TransferLines
{
    private const int LongestBar = 20;

    /// <summary>The two lines.</summary>
    /// <param name="title">What is transferred; safe to print.</param>
    /// <param name="progress">How far it is.</param>
    /// <param name="rate">Bytes a second; <c>null</c> while unknown.</param>
    /// <param name="width">Columns of the terminal.</param>
    public static IRenderable Of(string title, TransferProgress progress, double? rate, int width)
    {
        var first = new List<Segment>();
        if (Fraction(progress) is { } fraction)
        {
            var length = Math.Clamp(width / 5, 1, LongestBar);
            var done = (int)(fraction * length);
            first.AddRange([new(new string('━', done), new Style(Color.Green)), new(new string('━', length - done), new Style(Color.Grey35))]);
        }
        // Segments that do not fit fall away from the end, each as a whole.
        first.AddRange(Numbers(progress, rate).Select((number, at) => new Segment(first.Count + at > 0 ? $"  {number}" : number)));
        return new Rows(new Line(first), new Line([new(progress.Current ?? title, new Style(decoration: Decoration.Dim))]));
    }

    // The most telling first.
    private static List<string> Numbers(TransferProgress progress, double? rate)
    {
        var parts = new List<string>();
        if (Fraction(progress) is { } fraction)
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(fraction * 100),3:0}%"));
        parts.Add(progress.Total is { } total ? $"{Units.Size(progress.Bytes)} of {Units.Size(total)}" : Units.Size(progress.Bytes));
        if (rate is { } speed)
            parts.Add($"{Units.Size(speed)}/s");
        if (rate > 0 && progress.Total - progress.Bytes is > 0 and var left)
            parts.Add($"{Time(left / rate.Value)} left");
        if (progress.TotalFiles is not null || progress.Files > 0)
            parts.Add(progress.TotalFiles is { } files ? $"{progress.Files} of {files} files" : $"{progress.Files} files");
        if (progress.Resumed > 0)
            parts.Add($"{Units.Size(progress.Resumed)} from before");
        if (progress.Reconnects > 0)
            parts.Add(progress.Reconnects == 1 ? "reconnected once" : $"reconnected {progress.Reconnects} times");
        return parts;
    }

    // A line that wrapped would be left behind on the screen.
    private sealed class Line(IReadOnlyList<Segment> segments) : Renderable
    {
        // The terminal itself writes ^C behind the last line, which must not wrap either.
        private const int FreeColumns = 4;

        protected override IEnumerable<Segment> Render(RenderOptions options, int maxWidth) =>
            Segment.Truncate(segments, Math.Max(1, maxWidth - FreeColumns)).Append(Segment.LineBreak);
    }

    private static double? Fraction(TransferProgress progress) =>
        progress.Total is > 0 and var total ? Math.Clamp((double)progress.Bytes / total, 0, 1) : null;

    private static string Time(double seconds) =>
        seconds >= 100 * 3600 ? "days"
        : TimeSpan.FromSeconds(Math.Ceiling(seconds)) is var time && time.TotalHours >= 1
            ? string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalHours}:{time.Minutes:00}:{time.Seconds:00}")
            : string.Create(CultureInfo.InvariantCulture, $"{time.Minutes}:{time.Seconds:00}");
}
