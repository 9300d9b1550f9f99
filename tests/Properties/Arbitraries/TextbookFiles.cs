using System.Text;
using FsCheck;
using FsCheck.Fluent;
using LanguageExt;
using Trainyard.Core.Textbook;

namespace Trainyard.Properties.Arbitraries;

/// <summary>A file as a textbook server sends it.</summary>
public sealed record TextbookFile(Dialect Dialect, FileName Name, byte[] Content)
{
    /// <summary>The response's layout.</summary>
    public TextbookLayout Layout =>
        TextbookLayout.Create(Dialect, Name, Content.Length).IfLeft(static () => throw new InvalidOperationException("no layout"));

    public override string ToString() => $"{Dialect} {Name.Display} of {Content.Length} bytes";
}

/// <summary>Bytes that may or may not be a file's name.</summary>
public sealed record NameCandidate(byte[] Bytes)
{
    public override string ToString() => Convert.ToHexString(Bytes);
}

/// <summary>Files of every dialect with sizes around the train size, and names of all lengths and scripts.</summary>
public static class TextbookFilesArbitrary
{
    internal static readonly Gen<Dialect> FileDialect = Gen.Elements(Dialect.Trains, Dialect.Sized, Dialect.Whole);

    private static readonly Gen<FileName> Names = Gen.OneOf(
        Gen.Elements("a", "file2", "读书笔记", "...", " ", "-rf", "\u202egpj.exe", "\u009b2J", "%s%n", @"C:\x").Select(Encoding.UTF8.GetBytes),
        from length in Gen.Elements(1, 2, 254, 255)
        from fill in Gen.Choose(0x30, 0x7e)
        select Enumerable.Repeat((byte)fill, length).ToArray(),
        Gen.ArrayOf(Gen.Choose(0x80, 0xff).Select(static n => (byte)n), 7)).Select(Name);

    public static Arbitrary<FileName> FileName() => Arb.From(Names, static name => name.Length > 1 ? [Name("a"u8.ToArray())] : []);

    public static Arbitrary<TextbookFile> TextbookFile() =>
        Arb.From(
            from dialect in FileDialect
            from name in Names
            from size in Boundaries.FileSize
            from fill in Gen.Choose(0, 255)
            select new TextbookFile(dialect, name, TrainsArbitrary.Bytes(size, fill)),
            static file => TrainsArbitrary.Shorter(file.Content.Length).Select(length => file with { Content = file.Content[..length] })
                .Concat(file.Name.Length > 1 ? [file with { Name = Name("a"u8.ToArray()) }] : []));

    public static Arbitrary<NameCandidate> NameCandidate() =>
        Arb.From(
            Gen.Frequency(
                (2, Gen.Elements("", ".", "..", "...", "a/b", "/", "../x", "a\0", "a\n", "\u007f", "\u001b[2J", "ok").Select(Encoding.UTF8.GetBytes)),
                (2, from length in Gen.Choose(253, 258) select Enumerable.Repeat((byte)'n', length).ToArray()),
                (3, Gen.ArrayOf(Gen.Choose(0, 255).Select(static n => (byte)n))),
                (3, Gen.ArrayOf(Gen.Elements<byte>(0x1f, 0x20, 0x2e, 0x2e, 0x2f, 0x30, 0x61, 0x7e, 0x7f, 0x80, 0xff))))
            .Select(static bytes => new NameCandidate(bytes)),
            static candidate => Enumerable.Range(0, candidate.Bytes.Length)
                .Select(i => new NameCandidate([.. candidate.Bytes.Where((_, j) => j != i)])));

    internal static FileName Name(byte[] bytes) =>
        Core.Textbook.FileName.Create(bytes).IfLeft(static () => throw new ArgumentException("not a name", nameof(bytes)));
}
