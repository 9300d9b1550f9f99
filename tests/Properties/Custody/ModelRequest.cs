using Trainyard.Core.Custody;
using Trainyard.Core.Protocol;
using Trainyard.Core.Textbook;
using Trainyard.Properties.Arbitraries;
using Trainyard.Properties.Protocol;
using Trainyard.Properties.Textbook;

namespace Trainyard.Properties.Custody;

/// <summary>Something that a client asks for, and the one right answer to it; <c>Bytes</c> is how long it is itself, at least 1. What is not one of the others is a change, made at most once; or a commit, which is one that others need not wait for.</summary>
public sealed record ModelRequest(int Bytes, Response? Native, TextbookFile? Textbook, byte[]? Literal, bool IsCommit = false)
{
    internal bool IsChange => Native is null && Textbook is null && Literal is null;

    /// <summary>A commit as it is journalled while nothing is known of it.</summary>
    internal static JournalAnswer.Commit Commit(int index) => new(PathOf(index), Identity(index), 0, HashAlgorithm.Md5, default, OwesGo: false);

    /// <summary>How the worker journals the answer.</summary>
    /// <param name="index">The request's number, which is also its file's path.</param>
    /// <param name="version">Which content the file has.</param>
    internal JournalAnswer Answer(int index, int version) =>
        Native is not null ? new JournalAnswer.File(PathOf(index), Native.Range, Native.Meta with { Identity = Identity(version) })
        : Textbook is not null ? new JournalAnswer.Textbook(Textbook.Dialect, Textbook.Name, Textbook.Content.Length, Identity(version))
        : new JournalAnswer.Literal(new(Literal ?? Changed(index)));

    /// <summary>The answer's bytes, written down without a layout.</summary>
    internal byte[] Reference(int version) =>
        Native is not null ? Content(version).Reference()
        : Textbook is not null ? ReferenceEncoder.Encode(Textbook with { Content = Of(Textbook.Content, version) })
        : Literal ?? [];

    /// <summary>The answer's bytes from a position on, as an interpreter makes them from what was journalled.</summary>
    internal byte[] Rest(JournalAnswer answer, long position, int version) =>
        answer switch
        {
            JournalAnswer.File when Native is not null => Content(version).Read(position, 5),
            JournalAnswer.Textbook(var dialect, var name, var size, _) when Textbook is not null =>
                TextbookLayout.Create(dialect, name, size).IfLeft(static () => throw new InvalidOperationException()) is var layout
                    ? LayoutReader.Read(layout, Of(Textbook.Content, version), position, layout.Length)
                    : [],
            JournalAnswer.Literal(var bytes) => bytes.Span[(int)position..].ToArray(),
            _ => throw new InvalidOperationException($"{answer} is nothing that is sent"),
        };

    /// <summary>What is answered once change <paramref name="index"/> has been made.</summary>
    internal static byte[] Changed(int index) => [0xcc, (byte)index];

    internal static Opaque Identity(int version) => new([0x1d, (byte)version]);

    internal static RemotePath PathOf(int index) => Messages.PathOf([(byte)('a' + index)]);

    public override string ToString() =>
        $"{Bytes} bytes for {(Native is not null ? Native : Textbook is not null ? Textbook : Literal is not null ? $"{Literal.Length} bytes" : "a change")}";

    private Response Content(int version) =>
        new(Native!.Range, Native.Meta with { Identity = Identity(version) }, Of(Native.Content, version), Of(Native.Digest, version));

    private static byte[] Of(byte[] content, int version) => [.. content.Select(b => (byte)(b + version))];
}
