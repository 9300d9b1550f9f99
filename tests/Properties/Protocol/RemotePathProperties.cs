using System.Text;
using FsCheck.Xunit;
using Trainyard.Core.Protocol;
using Trainyard.Properties.Arbitraries;
using Xunit;

namespace Trainyard.Properties.Protocol;

[Properties(Arbitrary = [typeof(Messages)], MaxTest = 300)]
public class RemotePathProperties
{
    [Property]
    public void A_path_keeps_its_bytes_and_shows_none_that_a_terminal_obeys(RemotePath path)
    {
        Assert.Equal(path, RemotePath.Create(path.Span).Case);
        Assert.DoesNotContain(path.Display, static c => char.IsControl(c));
    }

    [Property(MaxTest = 3000)]
    public void What_is_accepted_leads_nowhere_else(byte[] bytes, byte[] palette)
    {
        byte[] path = [.. bytes.Select(b => palette.Length > 0 && b % 3 > 0 ? b % 3 == 1 ? (byte)'/' : (byte)'.' : b)];
        var parts = Encoding.Latin1.GetString(path).Split('/');
        var fine = path.Length is > 0 and < 4096
            && parts.All(static part => part is not ("" or "." or "..") && part.Length <= 255 && !part.Contains('\0'));
        Assert.Equal(fine, RemotePath.Create(path).IsRight);
    }

    [Fact]
    public void What_is_wrong_is_said_by_type()
    {
        Assert.Equal(new PathError.Empty(), Refusal(""));
        Assert.Equal(new PathError.Absolute(), Refusal("/etc/passwd"));
        Assert.Equal(new PathError.EmptyComponent(2), Refusal("a//b"));
        Assert.Equal(new PathError.EmptyComponent(2), Refusal("a/"));
        Assert.Equal(new PathError.Dots(2), Refusal("a/../b"));
        Assert.Equal(new PathError.Dots(0), Refusal("."));
        Assert.Equal(new PathError.Nul(1), Refusal("a\0b"));
        Assert.Equal(new PathError.ComponentTooLong(2, 256), Refusal("a/" + new string('b', 256)));
        Assert.Equal(new PathError.TooLong(4096, 4095), Refusal(string.Concat(Enumerable.Repeat("abc/", 1024))));
        Assert.Null(Refusal(string.Concat(Enumerable.Repeat("abc/", 1024))[..4095]));
        Assert.Null(Refusal("a/" + new string('b', 255) + "/...\n"));
    }

    private static PathError? Refusal(string path) => RemotePath.Create(Encoding.UTF8.GetBytes(path)).Case as PathError;
}
