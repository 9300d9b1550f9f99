using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Trainyard.Core.Control;
using Xunit;

namespace Trainyard.Properties.Control;

/// <summary>However a request's bytes are cut into pieces, it is the same request or the same refusal.</summary>
public class RequestLineProperties
{
    private const int Limit = ControlProtocol.MaximumLineBytes;

    [Property(MaxTest = 500)]
    public Property The_cut_does_not_matter() =>
        Prop.ForAll(Streams().ToArbitrary(), Cuts().ToArbitrary(), (stream, cuts) => Fed(stream, cuts) == Expected(stream));

    [Fact]
    public void The_longest_line_fits_and_a_byte_more_does_not()
    {
        Assert.Equal($"{Limit - 1}", Fed([.. new byte[Limit - 1], (byte)'\n'], []));
        Assert.Equal($"{new ControlError.TooLong(Limit)}", Fed([.. new byte[Limit], (byte)'\n'], []));
        Assert.Equal($"{new ControlError.TooLong(Limit)}", Fed(new byte[Limit], []));
    }

    [Fact]
    public void The_end_of_the_stream_is_an_error_only_in_the_middle_of_a_line()
    {
        Assert.Null(default(RequestLine).End());
        Assert.Equal(new ControlError.HalfLine(3), new RequestLine(3, IsComplete: false).End());
        Assert.Null(new RequestLine(3, IsComplete: true).End());
    }

    private static Gen<byte[]> Streams() =>
        from before in Gen.OneOf(Gen.Choose(0, 40), Gen.Choose(Limit - 3, Limit + 3))
        from end in Gen.Elements<byte[]>([], [10], [10, 10], [10, 65])
        select (byte[])[.. Enumerable.Repeat((byte)65, before), .. end];

    private static Gen<int[]> Cuts() => Gen.ArrayOf(Gen.OneOf(Gen.Choose(0, 40), Gen.Choose(0, Limit + 3)));

    private static string Expected(byte[] stream)
    {
        var end = Array.IndexOf(stream, (byte)'\n');
        return (end < 0 ? stream.Length : end) >= Limit ? $"{new ControlError.TooLong(Limit)}"
            : end < 0 ? "open"
            : end < stream.Length - 1 ? $"{new ControlError.Trailing()}"
            : $"{end}";
    }

    private static string Fed(byte[] stream, int[] cuts)
    {
        int[] borders = [0, .. cuts.Where(cut => cut < stream.Length).Order(), stream.Length];
        var line = default(RequestLine);
        foreach (var (from, to) in borders.Zip(borders.Skip(1)))
        {
            var added = line.Add(stream.AsSpan(from, to - from));
            if (added.Case is ControlError error)
                return $"{error}";
            line = (RequestLine)added.Case;
        }
        return line.IsComplete ? $"{line.Length}" : "open";
    }
}
