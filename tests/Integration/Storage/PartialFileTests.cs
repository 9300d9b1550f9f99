using System.IO.Hashing;
using Trainyard.Core.Protocol;
using Trainyard.Core.Transfer;
using Trainyard.Integration.Support;
using Trainyard.Shell.Linux;
using Trainyard.Shell.Storage;
using Xunit;

namespace Trainyard.Integration.Storage;

/// <summary>A file on its way: what is proven survives every break, and what is published is whole.</summary>
public sealed class PartialFileTests : IDisposable
{
    private const string Key = "0123abcd";
    private const int Block = ResumeLayout.SmallestBlock;
    private const long Size = (2L * Block) + 1000;

    private static readonly byte[] Odd = [.. "name\n"u8, 0xff];
    private static readonly PublishOptions Plain = new(Mode: null, ModifiedNs: null, NoClobber: false, IsDurable: false);
    private static readonly Opaque Source = new("source"u8);
    private static readonly byte[] Content = Bytes(Size);

    private readonly TemporaryDirectory _directory = new();
    private readonly FileDescriptor _root;

    public PartialFileTests() => _root = _directory.Open();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(5000)]
    [InlineData(Block)]
    [InlineData(Block + 1)]
    [InlineData(2 * Block)]
    [InlineData(Size)]
    public void What_was_written_is_published_with_all_that_belongs_to_it(long size) => DescriptorLeak.Check(() =>
    {
        var content = Bytes(size);
        using (var file = Open(size: size))
        {
            Assert.Equal(Errno.None, file.Preallocate());
            Write(file.WriterAt(0), content, 100_000);
            Assert.Equal(size > Block ? size : 0, file.ProvenPrefix);
            Assert.Equal(Errno.None, file.Publish(Odd, new(0b110_100_000, 1_234_567_890_123_456_789, NoClobber: false, IsDurable: true)));
        }
        Assert.Equal(Errno.None, Libc.StatusOf(_root, Odd, out var status));
        Assert.Equal((size, 1_234_567_890_123_456_789, 0b110_100_000), (status.Size, status.ModifiedNs, status.Permissions));
        Assert.Equal(content, Read(Odd));
        Assert.Single(Cargo.Everything(_directory.Path));
    });

    [Theory]
    [InlineData(0)]
    [InlineData(Block - 1)]
    [InlineData(Block)]
    [InlineData(Size)]
    public void An_unknown_size_is_what_came(long size)
    {
        using (var file = Open(size: null))
        {
            Write(file.WriterAt(0), Bytes(size), 1 << 20);
            Assert.Equal(Errno.None, file.Publish("f"u8, Plain));
        }
        Assert.Equal(Bytes(size), Read("f"u8));
        Assert.Single(Cargo.Everything(_directory.Path));
    }

    [Fact]
    public void A_broken_transfer_goes_on_behind_its_last_whole_block()
    {
        using (var file = Open())
        {
            Assert.Equal(Errno.None, file.Preallocate());
            Write(file.WriterAt(0), Content.AsSpan(0, Block + 5), 300_000);
        }
        Assert.Equal([".trainyard-0123abcd.map", ".trainyard-0123abcd.part"], Names());
        Assert.Equal(Block, new FileInfo(_directory[".trainyard-0123abcd.part"]).Length);
        using (var digest = new ContentDigest(HashAlgorithm.Xxh128))
        using (var file = Open(prefix: digest))
        {
            Assert.Equal(Block, file.ProvenPrefix);
            Assert.Equal([new FileRange(Block, Size - Block)], file.Missing());
            Assert.Equal(XxHash128.Hash(Content.AsSpan(0, Block)), digest.Finish().Span);
            Write(file.WriterAt(Block), Content.AsSpan(Block), 77_777);
            Assert.Empty(file.Missing());
            Assert.Equal(Errno.None, file.Publish("f"u8, Plain));
        }
        Assert.Equal(Content, Read("f"u8));
        Assert.Equal(["f"], Names());
    }

    [Fact]
    public void A_damaged_block_is_missing_again()
    {
        using (var file = Open())
            Write(file.WriterAt(0), Content, 1 << 20);
        using (var part = Libc.Open(_root, PartialNames.Part(Key), OpenFlags.ReadWrite).OrThrow("openat"))
            Libc.WriteAt(part, [(byte)~Content[Block + 7]], Block + 7);
        using (var digest = new ContentDigest(HashAlgorithm.Sha256))
        using (var file = Open(prefix: digest))
        {
            Assert.Equal(Block, file.ProvenPrefix);
            Assert.Equal([new FileRange(Block, Block)], file.Missing());
            Assert.Equal(System.Security.Cryptography.SHA256.HashData(Content.AsSpan(0, Block)), digest.Finish().Span);
            Write(file.WriterAt(Block), Content.AsSpan(Block, Block), 1 << 20);
            Assert.Equal(Size, file.ProvenPrefix);
            Assert.Equal(Errno.None, file.Publish("f"u8, Plain));
        }
        Assert.Equal(Content, Read("f"u8));
    }

    [Fact]
    public void A_file_that_was_cut_or_a_map_that_was_torn_proves_less_and_never_too_much()
    {
        using (var file = Open())
            Write(file.WriterAt(0), Content, 1 << 20);
        using (var part = Libc.Open(_root, PartialNames.Part(Key), OpenFlags.ReadWrite).OrThrow("openat"))
            Libc.Truncate(part, Block + 3);
        using (var file = Open())
            Assert.Equal([new FileRange(Block, Size - Block)], file.Missing());
        using (var map = Libc.Open(_root, PartialNames.Map(Key), OpenFlags.ReadWrite).OrThrow("openat"))
            Libc.Truncate(map, ResumeMapCodec.HeaderLength + 3);
        using (var file = Open())
            Assert.Equal([new FileRange(0, Size)], file.Missing());
    }

    [Fact]
    public void Another_source_or_size_begins_anew()
    {
        foreach (var (source, size) in ((Opaque, long?)[])[(new("other"u8), Size), (Source, Size + 1), (Source, null)])
        {
            using (var file = Open())
                Write(file.WriterAt(0), Content.AsSpan(0, Block), 1 << 20);
            using (var file = Open(source, size))
                Assert.Equal(0, file.ProvenPrefix);
            Assert.Empty(Names());
        }
    }

    [Fact]
    public void Ranges_are_written_by_several_threads_at_once()
    {
        using (var file = Open())
        {
            Parallel.Invoke(
                () => Write(file.WriterAt(2L * Block), Content.AsSpan(2 * Block), 100),
                () => Write(file.WriterAt(0), Content.AsSpan(0, Block), 60_000),
                () => Write(file.WriterAt(Block), Content.AsSpan(Block, Block), 50_000));
            Assert.Empty(file.Missing());
            Assert.Equal(Errno.None, file.Publish("f"u8, Plain));
        }
        Assert.Equal(Content, Read("f"u8));
    }

    [Fact]
    public void A_range_in_the_middle_survives_a_break_too()
    {
        using (var file = Open())
            Write(file.WriterAt(Block), Content.AsSpan(Block, Block), 1 << 20);
        using var again = Open();
        Assert.Equal([new FileRange(0, Block), new FileRange(2L * Block, 1000)], again.Missing());
    }

    [Fact]
    public void Nothing_is_left_of_a_transfer_that_proved_nothing_or_was_given_up()
    {
        using (var file = Open())
            Write(file.WriterAt(0), Content.AsSpan(0, Block - 1), 1 << 20);
        Assert.Empty(Names());
        using (var file = Open())
        {
            Write(file.WriterAt(0), Content, 1 << 20);
            file.Discard();
            Assert.Equal(Errno.StaleHandle, file.WriterAt(0).Write("x"u8));
        }
        Assert.Empty(Names());
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(Size)]
    public void What_is_there_is_replaced_or_not_and_stays_whole_until_then(long size)
    {
        File.WriteAllText(_directory["f"], "old");
        using (var file = Open(size: size))
        {
            Write(file.WriterAt(0), Bytes(size), 1 << 20);
            Assert.Equal(Errno.Exists, file.Publish("f"u8, Plain with { NoClobber = true }));
            Assert.Equal(Errno.AccessDenied, file.Publish("f"u8, Plain with { LastCheck = static () => Errno.AccessDenied }));
            Assert.Equal("old", File.ReadAllText(_directory["f"]));
            Assert.Equal(Errno.None, file.Publish("g"u8, Plain with { NoClobber = true }));
        }
        Assert.Equal(Bytes(size), Read("g"u8));
        using (var file = Open(size: size))
        {
            Write(file.WriterAt(0), Bytes(size), 1 << 20);
            Assert.Equal(Errno.None, file.Publish("f"u8, Plain));
        }
        Assert.Equal(Bytes(size), Read("f"u8));
        Assert.Equal(["f", "g"], Names());
        Directory.CreateDirectory(_directory["d"]);
        using (var file = Open(size: size))
            Assert.Equal(Errno.IsDirectory, file.Publish("d"u8, Plain));
        Assert.Equal(["d", "f", "g"], Names());
    }

    [Fact]
    public void All_but_the_name_is_settled_before_the_name_changes()
    {
        File.WriteAllText(_directory["f"], "old");
        var seen = 0;
        using (var file = Open())
        {
            Write(file.WriterAt(0), Content, 1 << 20);
            Assert.Equal(Errno.None, file.Publish("f"u8, new(0b110_000_000, 77, NoClobber: false, IsDurable: true, LastCheck: () =>
            {
                Assert.Equal("old", File.ReadAllText(_directory["f"]));
                var status = Libc.Status(file.Descriptor);
                Assert.Equal((Size, 77, 0b110_000_000), (status.Size, status.ModifiedNs, status.Permissions));
                Assert.Equal(Content, Read(PartialNames.Part(Key)));
                seen++;
                return Errno.None;
            })));
        }
        Assert.Equal(1, seen);
        Assert.Equal(Content, Read("f"u8));
        Assert.Equal(["f"], Names());
    }

    [Fact]
    public void More_than_the_size_is_refused()
    {
        using var file = Open(size: 3);
        var writer = file.WriterAt(0);
        Assert.Equal(Errno.FileTooBig, writer.Write("four"u8));
        Assert.Equal(Errno.None, writer.Write("abc"u8));
        Assert.Equal(Errno.FileTooBig, writer.Write("d"u8));
        Assert.Equal(3, writer.Position);
    }

    [Fact]
    public void What_lies_under_a_hidden_name_is_never_followed()
    {
        File.WriteAllText(_directory["secret"], "secret");
        File.CreateSymbolicLink(_directory[".trainyard-0123abcd.part"], "secret");
        Assert.Equal(Errno.TooManySymbolicLinks, PartialFile.Open(_root, Key, Source, Size).Error);
        Assert.Equal("secret", File.ReadAllText(_directory["secret"]));
        Assert.Throws<ArgumentException>(() => PartialFile.Open(_root, "../x", Source, null));
    }

    public void Dispose()
    {
        _root.Dispose();
        _directory.Dispose();
    }

    private PartialFile Open(Opaque? source = null, long? size = Size, ContentDigest? prefix = null)
    {
        var (file, error) = PartialFile.Open(_root, Key, source ?? Source, size, prefix: prefix);
        Assert.Equal(Errno.None, error);
        return file!;
    }

    private PartialFile Open(long? size) => Open(Source, size);

    private static void Write(BlockWriter writer, ReadOnlySpan<byte> bytes, int piece)
    {
        for (; !bytes.IsEmpty; bytes = bytes[Math.Min(piece, bytes.Length)..])
            Assert.Equal(Errno.None, writer.Write(bytes[..Math.Min(piece, bytes.Length)]));
    }

    private byte[] Read(ReadOnlySpan<byte> name)
    {
        using var file = Libc.Open(_root, name, OpenFlags.ReadOnly).OrThrow("openat");
        var bytes = new byte[Libc.Status(file).Size];
        Assert.Equal(bytes.Length, Libc.ReadAt(file, bytes, 0).Count);
        return bytes;
    }

    private string[] Names() => [.. Cargo.Everything(_directory.Path).Select(path => Path.GetFileName(path))];

    private static byte[] Bytes(long size)
    {
        var bytes = new byte[size];
        new Random(1).NextBytes(bytes);
        return bytes;
    }
}
