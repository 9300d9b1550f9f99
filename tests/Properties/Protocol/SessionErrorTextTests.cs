using System.Globalization;
using Trainyard.Core.Framing;
using Trainyard.Core.Protocol;
using Trainyard.Properties.Architecture;
using Xunit;

namespace Trainyard.Properties.Protocol;

public class SessionErrorTextTests
{
    [Fact]
    public void Every_error_has_a_sentence_of_its_own()
    {
        Sentences<SessionError>(SessionErrorText.Sentence);
        Sentences<ResponseError>(SessionErrorText.Sentence);
        Sentences<MessageError>(SessionErrorText.Sentence);
        Sentences<PathError>(SessionErrorText.Sentence);
        Sentences<FramingError>(SessionErrorText.Sentence);
    }

    [Fact]
    public void The_words_of_the_other_side_are_escaped() =>
        Assert.Equal(
            @"The disk or the quota is full. (\u{1b}[2J)",
            SessionErrorText.Sentence(new SessionError.Refused(Failure.Of(ErrorCode.NoSpace, "\u001b[2J"))));

    [Fact]
    public void Numbers_do_not_depend_on_the_user()
    {
        var timedOut = new SessionError.TimedOut(SessionTimer.Hello, TimeSpan.FromMilliseconds(2500));
        var before = CultureInfo.CurrentCulture;
        try
        {
            var comma = (CultureInfo)CultureInfo.InvariantCulture.Clone();
            comma.NumberFormat.NumberDecimalSeparator = ",";
            CultureInfo.CurrentCulture = comma;
            Assert.Equal("The wait for the hello took longer than 2.5 s.", SessionErrorText.Sentence(timedOut));
            Assert.Equal("the hello took longer than 2.5 s", timedOut.ToFailure()!.Text);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void Only_what_the_other_side_has_said_or_ended_itself_is_not_told_to_it() =>
        Assert.Equal(
            ["Refused", "Truncated"],
            UnionCases.Values<SessionError>().Where(static error => error.ToFailure() is null).Select(static error => error.GetType().Name).Distinct().Order());

    private static void Sentences<T>(Func<T, string> sentence)
        where T : class
    {
        foreach (var value in UnionCases.Values<T>())
        {
            var text = sentence(value);
            Assert.Matches(@"[.)]$", text);
            Assert.DoesNotContain(value.GetType().Name + " {", text, StringComparison.Ordinal);
            Assert.DoesNotContain(text, static c => char.IsControl(c) || c == '\u202e');
        }
    }
}
