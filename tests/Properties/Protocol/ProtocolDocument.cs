using System.Text;
using LanguageExt;
using Trainyard.Core.Framing;
using Trainyard.Core.Protocol;
using Trainyard.Properties.Arbitraries;
using Xunit;

namespace Trainyard.Properties.Protocol;

/// <summary>
/// The numbers and examples of docs/protocol.md are the code's. Set TRAINYARD_WRITE_DOCS=1 to rewrite the examples after a change that is meant.
/// </summary>
public class ProtocolDocument
{
    private const string Begin = "<!-- examples: begin, written by ProtocolDocument -->";
    private const string End = "<!-- examples: end -->";

    private static readonly Opaque Identity = new([0x0a, 0x1b, 0x2c, 0x3d]);

    private static readonly Opaque Digest = new([.. Enumerable.Range(0, 16).Select(static n => (byte)n)]);

    private static readonly Entry File = new(Messages.PathOf("a/b"u8), EntryKind.File, 300, 1_700_000_000_000_000_000, 0x1a4, Identity, default);

    private static readonly (string Name, Message Message)[] Examples =
    [
        ("HELLO of a client: versions 2 to 2, the default limits, XXH128 or SHA-256",
            new Message.ClientHello(2, 2, SessionLimits.Default, Prelude.Array(HashAlgorithm.Xxh128, HashAlgorithm.Sha256), default)),
        ("HELLO of the server: version 2, XXH128, session `s1`", new Message.ServerHello(2, SessionLimits.Default, HashAlgorithm.Xxh128, new("s1"u8))),
        ("GET `a/b`", new Message.Get(File.Path!, default, default, null)),
        ("GET `a/b` from byte 100 on, if its identity is `0a1b2c3d`", new Message.Get(File.Path!, new(100, null), Identity, null)),
        ("META: 300 bytes, mode 0644, trains of 256 KiB, XXH128",
            new Message.Meta(300, File.Modified, File.Mode, Identity, 256 * 1024, HashAlgorithm.Xxh128)),
        ("FIN: 300 bytes and their digest", new Message.Fin(300, Digest)),
        ("PUT `a/b`, 300 bytes, mode 0644, only if there is none",
            new Message.Put(File.Path!, 300, File.Modified, File.Mode, default, default, true, null, false)),
        ("GO: from the beginning, token `t`, trains of 256 KiB", new Message.Go(0, new("t"u8), 256 * 1024)),
        ("COMMITTED", new Message.Committed(Identity, Digest)),
        ("LIST of the whole tree", new Message.List(null, true, null)),
        ("ENTRY: one file", new Message.Entries(Prelude.Array(File))),
        ("STAT `a/b`", new Message.Stat(File.Path)),
        ("ANSWER to STAT", new Message.StatAnswer(File)),
        ("HASH of `a/b` and of its blocks of 256 bytes", new Message.Hash(File.Path!, default, HashAlgorithm.Xxh128, 256, default)),
        ("ANSWER to HASH", new Message.HashAnswer(300, Identity, HashAlgorithm.Xxh128, Digest, new([.. Digest.Span, .. Digest.Span]))),
        ("MKDIR `d`, mode 0755", new Message.MakeDirectory(Messages.PathOf("d"u8), 0x1ed, false)),
        ("MOVE `a/b` to `d/b`", new Message.Move(File.Path!, Messages.PathOf("d/b"u8), false, default)),
        ("REMOVE `d/b`", new Message.Remove(Messages.PathOf("d/b"u8), default)),
        ("LINK `a/l` that leads to `b`", new Message.MakeLink(Messages.PathOf("a/l"u8), new("b"u8), null, false)),
        ("SET the mode of `d` to 0755", new Message.SetAttributes(Messages.PathOf("d"u8), null, 0x1ed)),
        ("ANSWER to REMOVE", new Message.DoneAnswer(TrainKind.Remove)),
        ("PING `hi`", new Message.Ping(new("hi"u8))),
        ("ANSWER to PING", new Message.PingAnswer(new("hi"u8))),
        ("STATUS", new Message.Status()),
        ("ANSWER to STATUS: 4 workers, 7 connections, none waiting, up for a day", new Message.StatusAnswer(new(4, 7, 0, 86_400, false))),
        ("ERROR: busy, try again in a second", new Message.Error(new(ErrorCode.Busy, "full", true, 1000))),
    ];

    [Fact]
    public void The_examples_are_what_the_code_writes()
    {
        var path = DocumentPath();
        var text = System.IO.File.ReadAllText(path);
        var (from, to) = (text.IndexOf(Begin, StringComparison.Ordinal), text.IndexOf(End, StringComparison.Ordinal));
        Assert.True(from >= 0 && to > from, "docs/protocol.md has no examples");
        var expected = $"{Begin}\n{Render()}{End}";
        if (Environment.GetEnvironmentVariable("TRAINYARD_WRITE_DOCS") == "1")
            System.IO.File.WriteAllText(path, text[..from] + expected + text[(to + End.Length)..]);
        else
            Assert.Equal(expected, text[from..(to + End.Length)]);
    }

    [Fact]
    public void There_is_an_example_of_every_message() =>
        Assert.Equal(
            Architecture.UnionCases.Of(typeof(Message)).Select(static type => type.Name).Order(),
            Examples.Select(static example => example.Message.GetType().Name).Distinct().Order());

    [Fact]
    public void The_document_lists_every_error_with_its_number_and_whether_to_try_again()
    {
        var lines = System.IO.File.ReadAllLines(DocumentPath());
        foreach (var code in Enum.GetValues<ErrorCode>())
        {
            var line = Assert.Single(lines, line => line.StartsWith($"| {(int)code} {code} |", StringComparison.Ordinal));
            Assert.Equal(Failure.IsUsuallyRetryable(code), line.EndsWith("| yes |", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void The_document_lists_every_kind_with_its_number()
    {
        var text = System.IO.File.ReadAllText(DocumentPath());
        foreach (var kind in Enum.GetValues<TrainKind>())
        {
            var name = kind switch
            {
                TrainKind.MakeDirectory => "MKDIR",
                TrainKind.MakeLink => "LINK",
                TrainKind.SetAttributes => "SET",
                _ => kind.ToString().ToUpperInvariant(),
            };
            Assert.Contains($"| {name} | {(int)kind} |", text, StringComparison.Ordinal);
        }
    }

    private static string Render()
    {
        var text = new StringBuilder();
        foreach (var (name, message) in Examples)
            text.Append($"{name}:\n\n{string.Concat(Hex(message).Chunk(64).Select(static line => $"    {new string(line)}\n"))}\n");
        return text.ToString();
    }

    private static string Hex(Message message) =>
        Convert.ToHexStringLower(
            MessageCodec.Encode(message, SessionLimits.LeastControl).IfLeft(static error => throw new InvalidOperationException(error.ToString())));

    private static string DocumentPath()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !System.IO.File.Exists(Path.Combine(folder.FullName, "Functional.sln")))
            folder = folder.Parent;
        return Path.Combine(folder?.FullName ?? throw new InvalidOperationException("the tests do not run below the solution"), "docs", "protocol.md");
    }
}
