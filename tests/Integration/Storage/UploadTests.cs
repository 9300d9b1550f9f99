using System.Security.Cryptography;
using System.Text;
using Trainyard.Core.Protocol;
using Trainyard.Core.Transfer;
using Trainyard.Integration.Support;
using Trainyard.Shell.Storage;
using Xunit;
using HashAlgorithm = Trainyard.Core.Protocol.HashAlgorithm;

namespace Trainyard.Integration.Storage;

public sealed class UploadTests : IDisposable
{
    private const int Block = ResumeLayout.SmallestBlock;
    private static readonly byte[] Content = RandomNumberGenerator.GetBytes((2 * Block) + 12345);

    private readonly TemporaryDirectory _directory = new();
    private readonly ServedTree _tree;

    public UploadTests()
    {
        Directory.CreateDirectory(_directory["sub"]);
        _tree = ServedTree.Open(_directory.Path, readOnly: false);
    }

    [Theory]
    [InlineData(0, HashAlgorithm.Xxh128)]
    [InlineData(4096, HashAlgorithm.Sha256)]
    [InlineData((2 * Block) + 12345, HashAlgorithm.Md5)]
    public void A_file_is_stored_with_its_digest_and_its_attributes(int size, HashAlgorithm algorithm) => DescriptorLeak.Check(() =>
    {
        var content = Content.AsSpan(0, size);
        using (var upload = Begin(Put("sub/f", size) with { Mode = 0b110_100_000, Modified = 42, Algorithm = algorithm }))
        {
            Assert.Equal(0, upload.Offset);
            Assert.Null(upload.Write(content));
            Assert.Empty(Directory.GetFiles(_directory["sub"], "f"));
            var committed = upload.Commit(size, Digest(content, algorithm)).Value!;
            Assert.Equal(Digest(content, algorithm), committed.Digest);
            using var stored = _tree.OpenFile(PathOf("sub/f"), committed.Identity).Value!;
            Assert.Equal((size, 42, 0b110_100_000), (stored.Size, stored.Modified, stored.Mode));
            Assert.Equal(committed.Digest, stored.StoredDigest(algorithm));
        }
        Assert.Equal(content.ToArray(), File.ReadAllBytes(_directory["sub/f"]));
        Assert.Single(Cargo.Everything(_directory["sub"]));
        File.Delete(_directory["sub/f"]);
    });

    [Fact]
    public void A_broken_upload_goes_on_with_its_token_and_ends_with_the_whole_file_s_digest()
    {
        Opaque token;
        using (var upload = Begin(Put("f", Content.Length)))
        {
            Assert.Null(upload.Write(Content.AsSpan(0, Block + 500)));
            token = upload.Token;
        }
        Assert.Empty(_tree.List(null, recursive: true, after: null).Value!.Next(10_000).Value.Filter(static entry => entry.Kind == EntryKind.File));
        using (var upload = Begin(Put("f", Content.Length) with { ResumeToken = token }))
        {
            Assert.Equal((Block, token), (upload.Offset, upload.Token));
            Assert.Null(upload.Write(Content.AsSpan(Block)));
            var committed = upload.Commit(Content.Length - Block, Digest(Content.AsSpan(Block)));
            Assert.Equal(Digest(Content), committed.Value?.Digest);
        }
        Assert.Equal(Content, File.ReadAllBytes(_directory["f"]));
        using var anew = Begin(Put("f", Content.Length) with { ResumeToken = token });
        Assert.Equal(0, anew.Offset);
        Assert.NotEqual(token, anew.Token);
    }

    [Fact]
    public void A_token_is_worth_nothing_for_another_name()
    {
        Opaque token;
        using (var upload = Begin(Put("f", null)))
        {
            Assert.Null(upload.Write(Content));
            token = upload.Token;
        }
        using (var other = Begin(Put("sub/f", null) with { ResumeToken = token }))
            Assert.Equal(0, other.Offset);
        using (var strange = Begin(Put("g", null) with { ResumeToken = new("../../etc/passwd"u8) }))
            Assert.Equal(0, strange.Offset);
        using var again = Begin(Put("f", null) with { ResumeToken = token });
        Assert.Equal(2 * Block, again.Offset);
    }

    [Fact]
    public void An_upload_that_was_taken_over_is_told_so_and_changes_nothing()
    {
        using var dropped = Begin(Put("f", Content.Length));
        Assert.Null(dropped.Write(Content.AsSpan(0, Block)));
        using var tree = ServedTree.Open(_directory.Path, readOnly: false);
        using var owner = tree.BeginUpload(Put("f", Content.Length) with { ResumeToken = dropped.Token }, HashAlgorithm.Xxh128, ServedTree.NewToken()).Value!;
        Assert.Equal(Block, owner.Offset);
        Assert.Equal(StoreFailure.TakenOver, dropped.Write(Content.AsSpan(Block, 10)));
        Assert.Null(owner.Write(Content.AsSpan(Block)));
        dropped.Discard();
        Assert.NotNull(owner.Commit(Content.Length - Block, Digest(Content.AsSpan(Block))).Value);
        Assert.Equal(Content, File.ReadAllBytes(_directory["f"]));
    }

    [Fact]
    public void Bytes_that_are_not_those_that_were_sent_are_thrown_away()
    {
        File.WriteAllText(_directory["f"], "old");
        foreach (var (total, digest) in ((long, Opaque)[])[(3, Digest("abd"u8)), (4, Digest("abc"u8)), (3, default)])
        {
            using var upload = Begin(Put("f", null));
            Assert.Null(upload.Write("abc"u8));
            Assert.Equal(ErrorCode.Integrity, upload.Commit(total, digest).Failure?.Code);
        }
        using (var tooShort = Begin(Put("f", 4)))
        {
            Assert.Null(tooShort.Write("abc"u8));
            Assert.Equal(ErrorCode.TooLarge, tooShort.Write("de"u8)?.Code);
            Assert.Equal(ErrorCode.Integrity, tooShort.Commit(3, Digest("abc"u8)).Failure?.Code);
        }
        Assert.Equal("old", File.ReadAllText(_directory["f"]));
        Assert.Equal(2, Cargo.Everything(_directory.Path).Count);
    }

    [Fact]
    public void What_may_not_be_replaced_is_not_whenever_that_turns_out()
    {
        File.WriteAllText(_directory["f"], "old");
        Directory.CreateDirectory(_directory["d"]);
        var identity = _tree.Stat(PathOf("f")).Value!.Identity;
        Assert.Equal(ErrorCode.Exists, Refusal(Put("f", 3) with { NoClobber = true }));
        Assert.Equal(ErrorCode.Changed, Refusal(Put("f", 3) with { IfIdentity = new("x"u8) }));
        Assert.Equal(ErrorCode.Changed, Refusal(Put("absent", 3) with { IfIdentity = identity }));
        Assert.Equal(ErrorCode.IsDirectory, Refusal(Put("d", 3)));
        Assert.Equal(ErrorCode.NotFound, Refusal(Put("no/where", 3)));
        Assert.Equal(ErrorCode.NotServed, Refusal(Put(".trainyard-x.part", 3)));
        using (var readOnly = ServedTree.Open(_directory.Path, readOnly: true))
            Assert.Equal(ErrorCode.Denied, readOnly.BeginUpload(Put("g", 3), HashAlgorithm.Xxh128, ServedTree.NewToken()).Failure?.Code);

        // Both come between the beginning and the end.
        using (var ifSame = Begin(Put("f", 3) with { IfIdentity = identity }))
        using (var ifNone = Begin(Put("g", 3) with { NoClobber = true }))
        {
            Assert.Null(ifSame.Write("new"u8));
            Assert.Null(ifNone.Write("new"u8));
            File.WriteAllText(_directory["f"], "changed");
            File.WriteAllText(_directory["g"], "changed");
            Assert.Equal(ErrorCode.Changed, ifSame.Commit(3, Digest("new"u8)).Failure?.Code);
            Assert.Equal(ErrorCode.Exists, ifNone.Commit(3, Digest("new"u8)).Failure?.Code);
        }
        // Of several blocks: what nobody can go on with is not kept.
        using (var large = Begin(Put("large", Content.Length) with { NoClobber = true }))
        {
            Assert.Null(large.Write(Content));
            File.WriteAllText(_directory["large"], "changed");
            Assert.Equal(ErrorCode.Exists, large.Commit(Content.Length, Digest(Content)).Failure?.Code);
        }
        Assert.Equal(("changed", "changed"), (File.ReadAllText(_directory["f"]), File.ReadAllText(_directory["g"])));
        Assert.Equal(["d", "f", "g", "large", "sub"], Cargo.Everything(_directory.Path).Select(path => Path.GetFileName(path)));
    }

    [Fact]
    public void A_full_disk_is_told_by_its_name_and_costs_no_file()
    {
        var mounted = CCompiler.Run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", _directory["sub"]);
        Assert.SkipUnless(mounted.Code == 0, "Mounting a small tmpfs needs root: " + mounted.Output);
        try
        {
            File.WriteAllText(_directory["sub/f"], "old");
            using (var tree = ServedTree.Open(_directory["sub"], readOnly: false))
            {
                Assert.Equal(ErrorCode.NoSpace, tree.BeginUpload(Put("f", 2 << 20), HashAlgorithm.Xxh128, ServedTree.NewToken()).Failure?.Code);
                using var unknown = tree.BeginUpload(Put("f", null), HashAlgorithm.Xxh128, ServedTree.NewToken()).Value!;
                Assert.Equal(ErrorCode.NoSpace, unknown.Write(Content.AsSpan(0, 2 << 20))?.Code);
            }
            Assert.Equal(["f"], Directory.GetFileSystemEntries(_directory["sub"]).Select(path => Path.GetFileName(path)));
            Assert.Equal("old", File.ReadAllText(_directory["sub/f"]));
        }
        finally
        {
            CCompiler.Run("umount", _directory["sub"]);
        }
    }

    public void Dispose()
    {
        _tree.Dispose();
        _directory.Dispose();
    }

    internal static RemotePath PathOf(string path) => (RemotePath)RemotePath.Create(Encoding.UTF8.GetBytes(path)).Case;

    internal static Message.Put Put(string path, long? size) =>
        new(PathOf(path), size, Modified: null, Mode: null, default, default, NoClobber: false, Algorithm: null, Eager: false);

    internal static Opaque Digest(ReadOnlySpan<byte> bytes, HashAlgorithm algorithm = HashAlgorithm.Xxh128)
    {
        using var digest = new ContentDigest(algorithm);
        digest.Append(bytes);
        return digest.Finish();
    }

    private ErrorCode? Refusal(Message.Put put) => _tree.BeginUpload(put, HashAlgorithm.Xxh128, ServedTree.NewToken()).Failure?.Code;

    private Upload Begin(Message.Put put)
    {
        var begun = _tree.BeginUpload(put, HashAlgorithm.Xxh128, ServedTree.NewToken());
        Assert.Null(begun.Failure);
        return begun.Value!;
    }
}
