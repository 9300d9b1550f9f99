using System.Buffers;
using System.Globalization;
using System.Text;

namespace Trainyard.Core.Textbook;

/// <summary>Foreign bytes as text that a terminal shows and never obeys.</summary>
/// <remarks>
/// UTF-8. A byte that is none is written <c>\xNN</c>; controls (C0 and C1), format characters (bidirectional overrides,
/// zero-width), line and paragraph separators, private and unassigned code points as <c>\u{N}</c>; the backslash twice.
/// </remarks>
public static class SafeText
{
    /// <summary>The text of <paramref name="bytes"/>. Different bytes give different texts.</summary>
    public static string Of(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder(bytes.Length);
        while (!bytes.IsEmpty)
        {
            if (Rune.DecodeFromUtf8(bytes, out var rune, out var consumed) == OperationStatus.Done)
            {
                Append(text, rune);
            }
            else
            {
                foreach (var invalid in bytes[..consumed])
                    text.Append(CultureInfo.InvariantCulture, $"\\x{invalid:x2}");
            }
            bytes = bytes[consumed..];
        }
        return text.ToString();
    }

    private static void Append(StringBuilder text, Rune rune)
    {
        if (rune.Value == '\\')
            text.Append(@"\\");
        else if (IsPrintable(rune))
            text.Append(rune.ToString());
        else
            text.Append(CultureInfo.InvariantCulture, $"\\u{{{rune.Value:x}}}");
    }

    private static bool IsPrintable(Rune rune) =>
        rune.Value == ' '
        || Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate
            or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned or UnicodeCategory.SpaceSeparator
            or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
}
