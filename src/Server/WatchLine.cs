using System.Text;
using Spectre.Console;

namespace Trainyard.Server;

/// <summary>One line of the live view: pieces of text with their styles, cut where the terminal ends and never wrapped.</summary>
internal sealed class WatchLine
{
    private readonly List<(string Text, string Style)> _pieces = [];

    /// <summary>A line, possibly empty.</summary>
    public WatchLine(string text = "", string style = "") => Add(text, style);

    /// <summary>Appends text.</summary>
    /// <param name="text">Without control characters.</param>
    /// <param name="style">A style of Spectre.Console's markup, such as <c>green</c> or <c>bold</c>; empty for none.</param>
    public WatchLine Add(string text, string style = "")
    {
        if (text.Length > 0)
            _pieces.Add((text, style));
        return this;
    }

    /// <summary>As markup of at most so many columns.</summary>
    public string ToMarkup(int width)
    {
        var markup = new StringBuilder();
        foreach (var (text, style) in _pieces)
        {
            var fitting = Fitting(text, ref width);
            if (fitting.Length > 0)
                markup.Append(style.Length == 0 ? Markup.Escape(fitting) : $"[{style}]{Markup.Escape(fitting)}[/]");
            if (fitting.Length < text.Length)
                break;
        }
        // Nothing at all would not even be a line.
        return markup.Length == 0 ? " " : markup.ToString();
    }

    private static string Fitting(string text, ref int width)
    {
        var length = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            var columns = Columns(rune);
            if (columns > width)
            {
                width = 0;
                break;
            }
            width -= columns;
            length += rune.Utf16SequenceLength;
        }
        return text[..length];
    }

    // East Asian scripts and pictures take two columns; what is counted too wide is cut too early and breaks nothing.
    private static int Columns(Rune rune) => rune.Value is >= 0x1100 and not (>= 0x2000 and < 0x2E80) ? 2 : 1;
}
