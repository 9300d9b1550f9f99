using Trainyard.Integration.Support;
using Xunit;

namespace Trainyard.Integration.Cli;

/// <summary>What the client refuses before it asks any server, and what its help names.</summary>
public sealed class UsageTests
{
    private const string Session = "--connect-timeout --timeout --retry --json --quiet --verbose";
    private const string Transfer = "--recursive --jobs --hash --update --no-clobber --if-identity --dry-run --limit";

    [Theory]
    [InlineData("get", $"{Transfer} {Session} --output")]
    [InlineData("put", $"{Transfer} {Session}")]
    [InlineData("ls", $"{Session} --recursive --long")]
    [InlineData("stat", Session)]
    [InlineData("hash", $"{Session} --algorithm")]
    [InlineData("rm", $"{Session} --recursive --if-identity --dry-run")]
    [InlineData("mv", $"{Session} --no-clobber --if-identity --dry-run")]
    [InlineData("mkdir", $"{Session} --parents --dry-run")]
    [InlineData("ping", $"{Session} --count --interval")]
    [InlineData("status", Session)]
    public async Task Help_names_every_option(string command, string options)
    {
        var help = await Programs.RunAsync(Programs.Client, command, "--help");
        Assert.Equal(0, help.Code);
        Assert.All(options.Split(' '), option => Assert.Contains(option, help.Output, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("get")]
    [InlineData("get here there")]
    [InlineData("get train://h/a x -o y")]
    [InlineData("get train://h/a train://h/b --if-identity 00")]
    [InlineData("get train://h/a --if-identity 0")]
    [InlineData("get train://h/a --update --no-clobber")]
    [InlineData("get train://h/a -r -")]
    [InlineData("get train://h/a --jobs 0")]
    [InlineData("get train://h/a --limit fast")]
    [InlineData("get train://h/a --limit 0")]
    [InlineData("get train://h/a --hash crc")]
    [InlineData("get train://h/a//b*")]
    [InlineData("get train://h/%zz*")]
    [InlineData("get train://h/../a")]
    [InlineData("get train://h:0/a")]
    [InlineData("get train+unix://relative")]
    [InlineData("put a")]
    [InlineData("put a b")]
    [InlineData("put train://h/a train://h/b")]
    [InlineData("put a train://h/*")]
    [InlineData("ls a")]
    [InlineData("rm train://h/")]
    [InlineData("mv train://h/a")]
    [InlineData("mv train://h/a train://i/a")]
    [InlineData("mkdir train://h")]
    [InlineData("ping train://h --count 0")]
    [InlineData("stat train://h/a --timeout soon")]
    public async Task A_wrong_command_line_is_one_sentence(string arguments)
    {
        var end = await Programs.RunAsync(Programs.Client, arguments.Split(' '));
        Assert.True(end.Code == 2, $"{end.Code}: {end.Error}");
        Assert.Equal("", end.Output);
        Assert.StartsWith("trainyard: ", end.Error, StringComparison.Ordinal);
        Assert.Equal(1, end.Error.Count(static c => c == '\n'));
    }
}
