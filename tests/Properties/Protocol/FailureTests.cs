using LanguageExt;
using Trainyard.Core.Protocol;
using Xunit;

namespace Trainyard.Properties.Protocol;

public class FailureTests
{
    /// <summary>The wire's numbers. A change here breaks every deployed peer.</summary>
    private static readonly string[] Names =
    [
        "Internal", "Protocol", "Usage", "Version", "Auth", "Busy", "NotFound", "Denied", "Exists", "Changed", "Integrity", "LocalIO", "RemoteIO",
        "NoSpace", "Timeout", "TooLarge", "Interrupted", "Unsupported", "IsDirectory", "NotDirectory", "NotEmpty", "NotServed",
    ];

    [Fact]
    public void The_numbers_of_the_wire_are_fixed() =>
        Assert.Equal(
            Names.Select(static (name, index) => (name, index + 1)),
            Enum.GetValues<ErrorCode>().Select(static code => (code.ToString(), (int)code)));

    [Fact]
    public void Every_code_has_a_sentence_of_its_own()
    {
        var sentences = Enum.GetValues<ErrorCode>().Append((ErrorCode)999).Select(static code => Failure.Of(code).Sentence).ToArray();
        Assert.Equal(sentences.Length, sentences.Distinct().Count());
        Assert.All(sentences, static sentence => Assert.EndsWith(".", sentence, StringComparison.Ordinal));
        Assert.Equal("Error number 999.", sentences[^1]);
    }

    [Fact]
    public void Foreign_words_cannot_command_a_terminal() =>
        Assert.Equal(
            @"There is no room at the moment. (\u{1b}[2J\u{202e}é\\n)",
            Failure.Of(ErrorCode.Busy, "\u001b[2J\u202eé\\n").Sentence);

    [Fact]
    public void What_only_time_can_mend_is_retryable() =>
        Assert.Equal(
            [ErrorCode.Busy, ErrorCode.Integrity, ErrorCode.RemoteIO, ErrorCode.Timeout, ErrorCode.Interrupted],
            Enum.GetValues<ErrorCode>().Where(static code => Failure.Of(code).IsRetryable));

    [Fact]
    public void The_client_preference_decides_the_hash()
    {
        var server = Prelude.Array(HashAlgorithm.Xxh128, HashAlgorithm.Sha256);
        Assert.Equal(HashAlgorithm.Sha256, HashAlgorithms.Common(Prelude.Array(HashAlgorithm.Md5, HashAlgorithm.Sha256, HashAlgorithm.Xxh128), server));
        Assert.True(HashAlgorithms.Common(Prelude.Array(HashAlgorithm.Md5), server).IsNone);
        Assert.True(HashAlgorithms.Common(default, server).IsNone);
    }
}
