using System.Text;
using Trainyard.Core.Custody;
using Trainyard.Core.Protocol;
using Trainyard.Integration.Support;
using Trainyard.Shell.Linux;
using Trainyard.Shell.Storage;
using Xunit;

namespace Trainyard.Integration.Storage;

public sealed class CommitQueueTests : IDisposable
{
    // What ext4 has room for in an inode of 256 bytes, beside an attribute of this name.
    private const int RoomInTheInode = 56;

    private readonly TemporaryDirectory _directory = new();
    private readonly ServedTree _tree;

    public CommitQueueTests()
    {
        Directory.CreateDirectory(_directory["sub"]);
        _tree = ServedTree.Open(_directory.Path, readOnly: false);
    }

    public void Dispose()
    {
        _tree.Dispose();
        _directory.Dispose();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(50)]
    public void Files_get_their_names_with_their_digests_and_attributes(int count)
    {
        var uploads = Enumerable.Range(0, count).Select(i => Begin(i % 3 == 0 ? $"sub/f{i}" : $"f{i}", $"content {i}")).ToList();
        Assert.DoesNotContain(Cargo.Everything(_directory.Path), File.Exists);
        Commit(uploads);
        for (var i = 0; i < count; i++)
        {
            var committed = uploads[i].Result!.Value.Value!;
            Assert.Equal(uploads[i].Digest, committed.Digest);
            using var stored = _tree.OpenFile(uploads[i].Request.Path, committed.Identity).Value!;
            Assert.Equal(($"content {i}".Length, 42, 0x1a4), (stored.Size, stored.Modified, stored.Mode));
            Assert.Equal(committed.Digest, stored.StoredDigest(HashAlgorithm.Xxh128));
            Assert.InRange(Libc.GetAttribute(stored.Descriptor, "user.trainyard.xxh128\0"u8, new byte[256]).Count, 1, RoomInTheInode);
        }
    }

    [Fact]
    public void One_that_may_not_replace_what_is_there_leaves_it_and_its_neighbours_as_they_are()
    {
        File.WriteAllText(_directory["kept"], "old");
        File.WriteAllText(_directory["replaced"], "old");
        Directory.CreateDirectory(_directory["directory"]);
        var identity = _tree.Stat(Put("replaced", "").Path).Value!.Identity;
        SmallUpload[] uploads =
        [
            Begin("replaced", "new", put => put with { IfIdentity = identity }), Begin("directory", "new"), Begin("kept", "other", put => put with { IfIdentity = _tree.Stat(put.Path).Value!.Identity }),
            Begin("twice", "first"), Begin("twice", "second"), Begin("gone", "new"),
        ];
        File.WriteAllText(_directory["kept"], "changed meanwhile");
        Commit(uploads);
        Assert.Equal(
            [null, ErrorCode.IsDirectory, ErrorCode.Changed, null, null, null],
            uploads.Select(static upload => upload.Result!.Value.Failure?.Code));
        Assert.Equal(("new", "changed meanwhile", "second"), (File.ReadAllText(_directory["replaced"]), File.ReadAllText(_directory["kept"]), File.ReadAllText(_directory["twice"])));
        Assert.Equal(["directory", "gone", "kept", "replaced", "sub", "twice"], Cargo.Everything(_directory.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void What_was_begun_is_brought_to_its_end_after_the_tree_was_closed()
    {
        var upload = Begin("f", "content");
        _tree.Commits.Add([upload], static () => { });
        _tree.Dispose();
        Until(() => upload.Result is not null, "the upload has a result");
        Assert.Equal("content", File.ReadAllText(_directory["f"]));
    }

    [Fact]
    public void Whoever_goes_on_finds_the_very_file_or_none()
    {
        var upload = Begin("f", "content");
        var commit = new JournalAnswer.Commit(upload.Request.Path, upload.Stored, 7, HashAlgorithm.Xxh128, upload.Digest, OwesGo: true);
        Assert.Null(_tree.FindCommitted(commit));
        Commit([upload]);
        Assert.Equal(upload.Result!.Value.Value, _tree.FindCommitted(commit));
        Assert.Null(_tree.FindCommitted(commit with { Size = 8 }));
        Assert.Null(_tree.FindCommitted(commit with { Digest = new("other"u8) }));
        // The same bytes in another file are not what this client has sent.
        File.Copy(_directory["f"], _directory["g"]);
        File.Move(_directory["g"], _directory["f"], overwrite: true);
        Assert.Null(_tree.FindCommitted(commit));
    }

    [Fact]
    public void Nothing_is_left_open() => DescriptorLeak.Check(() =>
    {
        using var tree = ServedTree.Open(_directory.Path, readOnly: false);
        using var parent = new UploadParent();
        var uploads = Enumerable.Range(0, 10).Select(i => tree.BeginSmallUpload(Put($"sub/{i}", "x"), HashAlgorithm.Xxh128, parent).Value!).ToList();
        foreach (var upload in uploads.Take(5))
            upload.Dispose();
        foreach (var upload in uploads.Skip(5))
            End(upload, "x");
        tree.Commits.Add(uploads.Skip(5), static () => { });
        Until(() => uploads.Skip(5).All(static upload => upload.Result is not null), "all have results");
        tree.Dispose();
        // The queue's thread goes a moment later.
        Until(() => tree.Commits.IsOver, "the queue is over");
    });

    // Not one of them takes long, and each says when it is done.
    private static void Until(Func<bool> condition, string what) => Assert.True(SpinWait.SpinUntil(condition, Support.Until.Patience), what);

    private SmallUpload Begin(string path, string content, Func<Message.Put, Message.Put>? change = null)
    {
        using var parent = new UploadParent();
        var put = Put(path, content);
        var upload = _tree.BeginSmallUpload(change?.Invoke(put) ?? put, HashAlgorithm.Xxh128, parent).Value!;
        End(upload, content);
        return upload;
    }

    private static void End(SmallUpload upload, string content)
    {
        var bytes = Encoding.UTF8.GetBytes(content);
        Assert.Null(upload.Write(bytes.AsSpan(0, bytes.Length / 2)));
        Assert.Null(upload.Write(bytes.AsSpan(bytes.Length / 2)));
        Assert.Null(upload.End(new(bytes.Length, ContentDigest.Of(HashAlgorithm.Xxh128, bytes))));
    }

    private void Commit(IReadOnlyCollection<SmallUpload> uploads)
    {
        _tree.Commits.Add(uploads, static () => { });
        Until(() => uploads.All(static upload => upload.Result is not null), "all have results");
    }

    private static Message.Put Put(string path, string content) =>
        new(RemotePath.Create(Encoding.UTF8.GetBytes(path)).IfLeft(static error => throw new InvalidOperationException($"{error}")),
            Encoding.UTF8.GetByteCount(content), 42, 0x1a4, default, default, NoClobber: false, null, Eager: true);
}
