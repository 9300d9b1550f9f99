using Trainyard.Shell.Linux;
using Xunit;

namespace Trainyard.Integration.Linux;

public class ErrnoTests
{
    [Theory]
    [InlineData(104, "Connection reset by peer (ECONNRESET)")]
    [InlineData(32, "Broken pipe (EPIPE)")]
    [InlineData(11, "Resource temporarily unavailable (EAGAIN)")]
    public void A_number_reads_as_the_library_and_the_manual_have_it(int number, string text) =>
        Assert.Equal(text, ErrnoText.Describe((Errno)number));

    [Fact]
    public void A_number_without_a_name_is_shown_as_a_number() =>
        Assert.EndsWith("(errno 999)", ErrnoText.Describe((Errno)999), StringComparison.Ordinal);

    [Fact]
    public void Every_named_number_has_its_own_symbol()
    {
        var symbols = Enum.GetValues<Errno>().Where(error => error != Errno.None).Select(ErrnoText.Symbol).ToList();
        Assert.All(symbols, symbol => Assert.Matches("^E[A-Z0-9]+$", symbol));
        Assert.Equal(symbols.Count, symbols.Distinct().Count());
    }

    [Fact]
    public void The_default_result_is_not_taken_for_a_descriptor() =>
        Assert.Equal(Errno.BadDescriptor, default(DescriptorResult<FileDescriptor>).Error);
}
