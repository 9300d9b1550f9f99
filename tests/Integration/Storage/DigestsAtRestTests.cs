using Trainyard.Core.Protocol;
using Trainyard.Integration.Support;
using Trainyard.Shell.Linux;
using Trainyard.Shell.Storage;
using Xunit;

namespace Trainyard.Integration.Storage;

/// <summary>A digest that was kept is believed as long as its file is what it was, and no longer.</summary>
public sealed class DigestsAtRestTests : IDisposable
{
    private static readonly byte[] Content = [.. Enumerable.Range(0, (int)DigestStore.LeastBeside + 5).Select(static i => (byte)(i * 7))];

    private readonly TemporaryDirectory _directory = new();
    private readonly ServedTree _tree;

    public DigestsAtRestTests() => _tree = ServedTree.Open(_directory.Path, readOnly: false);

    private static Opaque Digest => UploadTests.Digest(Content);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_change_is_noticed_even_with_its_time_put_back(bool isUploaded)
    {
        Store("f", isUploaded);
        Assert.Equal(Digest, Stored("f"));
        Assert.Null(Stored("f", HashAlgorithm.Md5));
        var time = File.GetLastWriteTimeUtc(_directory["f"]);
        PassTolerance("f");
        using (var file = File.OpenWrite(_directory["f"]))
            file.WriteByte(99);
        File.SetLastWriteTimeUtc(_directory["f"], time);
        Assert.Null(Stored("f"));
        Assert.Equal([("f", ScrubVerdict.ChangedSince)], Scrubbed());
    }

    [Fact]
    public void To_keep_a_digest_of_a_file_that_was_found_does_not_change_its_identity()
    {
        File.WriteAllBytes(_directory["f"], Content);
        var before = _tree.Stat(UploadTests.PathOf("f")).Value!.Identity;
        Store("f", isUploaded: false);
        Assert.Equal(before, _tree.Stat(UploadTests.PathOf("f")).Value!.Identity);
        Assert.Equal(Digest, Stored("f"));
        using (var readOnly = ServedTree.Open(_directory.Path, readOnly: true))
        using (var stored = readOnly.OpenFile(UploadTests.PathOf("f"), default).Value!)
        {
            Assert.Equal(Digest, stored.StoredDigest(HashAlgorithm.Xxh128));
            stored.StoreDigest(HashAlgorithm.Sha256, UploadTests.Digest(Content, HashAlgorithm.Sha256));
            Assert.Null(stored.StoredDigest(HashAlgorithm.Sha256));
        }
        Assert.Equal(ErrorCode.NotServed, _tree.Stat(UploadTests.PathOf(".trainyard-hashes")).Failure?.Code);
        File.Delete(_directory["f"]);
        Assert.Empty(Scrubbed());
        Assert.Empty(Directory.GetFiles(_directory[".trainyard-hashes"]));
    }

    [Fact]
    public void A_copy_with_the_attribute_is_not_believed()
    {
        Store("f", isUploaded: true);
        using var root = _directory.Open();
        using var file = Libc.Open(root, "f"u8, OpenFlags.ReadOnly).OrThrow("openat");
        using var copy = _directory.OpenNew("copy", Content);
        Span<byte> record = stackalloc byte[DigestRecord.LongestLength];
        var read = Libc.GetAttribute(file, "user.trainyard.xxh128\0"u8, record);
        Assert.Equal(Errno.None, Libc.SetAttribute(copy, "user.trainyard.xxh128\0"u8, record[..(int)read.Count]));
        Assert.Null(Stored("copy"));
        Assert.Equal([("f", ScrubVerdict.Ok)], Scrubbed());
    }

    [Fact]
    public void Where_files_keep_no_attributes_a_digest_lies_beside_them()
    {
        Directory.CreateDirectory(_directory["plain"]);
        var mounted = CCompiler.Run("mount", "-t", "ramfs", "ramfs", _directory["plain"]);
        Assert.SkipUnless(mounted.Code == 0, "Mounting a file system without attributes needs root: " + mounted.Output);
        try
        {
            using var tree = ServedTree.Open(_directory["plain"], readOnly: false);
            using (var upload = tree.BeginUpload(UploadTests.Put("f", Content.Length), HashAlgorithm.Xxh128, ServedTree.NewToken()).Value!)
            {
                Assert.Null(upload.Write(Content));
                Assert.NotNull(upload.Commit(Content.Length, Digest).Value);
            }
            Assert.Single(Directory.GetFiles(_directory["plain/.trainyard-hashes"]));
            using var stored = tree.OpenFile(UploadTests.PathOf("f"), default).Value!;
            Assert.Equal(Digest, stored.StoredDigest(HashAlgorithm.Xxh128));
        }
        finally
        {
            CCompiler.Run("umount", _directory["plain"]);
        }
    }

    [Fact]
    public void A_torn_or_foreign_record_is_none()
    {
        File.WriteAllBytes(_directory["f"], Content);
        Store("f", isUploaded: false);
        var beside = Assert.Single(Directory.GetFiles(_directory[".trainyard-hashes"]));
        var whole = File.ReadAllBytes(beside);
        foreach (var torn in (byte[][])[[], whole[..^1], [.. whole[..^9], 0, .. whole[^8..]], new byte[whole.Length], [.. whole, 0]])
        {
            File.WriteAllBytes(beside, torn);
            Assert.Null(Stored("f"));
        }
        File.WriteAllBytes(beside, whole);
        Assert.Equal(Digest, Stored("f"));
    }

    [Fact]
    public void Damage_that_nobody_did_is_found()
    {
        File.WriteAllBytes(_directory["f"], Content);
        Store("f", isUploaded: false, UploadTests.Digest("what it was before the disk lost a bit"u8));
        Store("g", isUploaded: true);
        File.WriteAllBytes(_directory["no digest"], Content);
        Assert.Equal([("f", ScrubVerdict.Damaged), ("g", ScrubVerdict.Ok)], Scrubbed());
    }

    public void Dispose()
    {
        _tree.Dispose();
        _directory.Dispose();
    }

    private void Store(string name, bool isUploaded, Opaque? digest = null)
    {
        if (isUploaded)
        {
            using var upload = _tree.BeginUpload(UploadTests.Put(name, Content.Length), HashAlgorithm.Xxh128, ServedTree.NewToken()).Value!;
            Assert.Null(upload.Write(Content));
            Assert.NotNull(upload.Commit(Content.Length, Digest).Value);
            return;
        }
        if (!File.Exists(_directory[name]))
            File.WriteAllBytes(_directory[name], Content);
        using var stored = _tree.OpenFile(UploadTests.PathOf(name), default).Value!;
        stored.StoreDigest(HashAlgorithm.Xxh128, digest ?? Digest);
    }

    private Opaque? Stored(string name, HashAlgorithm algorithm = HashAlgorithm.Xxh128)
    {
        using var stored = _tree.OpenFile(UploadTests.PathOf(name), default).Value!;
        return stored.StoredDigest(algorithm);
    }

    /// <summary>Until the kernel's clock has left the time of change so far behind that a new one is told from it.</summary>
    private void PassTolerance(string name)
    {
        using var root = _directory.Open();
        Assert.Equal(Errno.None, Libc.StatusOf(root, System.Text.Encoding.UTF8.GetBytes(name), out var status));
        SpinWait.SpinUntil(() =>
        {
            using var probe = _directory.OpenNew("probe", []);
            return Libc.Status(probe).ChangedNs > status.ChangedNs + (2 * DigestBinding.Tolerance);
        });
        File.Delete(_directory["probe"]);
    }

    private List<(string, ScrubVerdict)> Scrubbed()
    {
        var found = new List<(string, ScrubVerdict)>();
        using var root = _directory.Open();
        Assert.Null(Scrub.Run(
            root, readOnly: false, (path, _, verdict) => found.Add((path.Display, verdict)), TestContext.Current.CancellationToken));
        return found;
    }
}
