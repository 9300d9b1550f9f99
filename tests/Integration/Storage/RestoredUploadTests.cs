using Trainyard.Core.Custody;
using Trainyard.Core.Protocol;
using Trainyard.Integration.Support;
using Trainyard.Shell.Storage;
using Xunit;

namespace Trainyard.Integration.Storage;

/// <summary>What the next worker finds of an upload, wherever the one before it died.</summary>
public sealed class RestoredUploadTests : IDisposable
{
    // Two whole blocks and a part of one.
    private const int Size = (2 * Core.Transfer.ResumeLayout.SmallestBlock) + 777;

    private readonly TemporaryDirectory _directory = new();
    private readonly ServedTree _tree;
    private readonly byte[] _content = new byte[Size];

    public RestoredUploadTests()
    {
        Random.Shared.NextBytes(_content);
        _tree = ServedTree.Open(_directory.Path, readOnly: false);
    }

    public void Dispose()
    {
        _tree.Dispose();
        _directory.Dispose();
    }

    [Theory]
    [InlineData(0, HashAlgorithm.Xxh128)]
    [InlineData(1, HashAlgorithm.Xxh128)]
    [InlineData(Core.Transfer.ResumeLayout.SmallestBlock, HashAlgorithm.Sha256)]
    [InlineData(Core.Transfer.ResumeLayout.SmallestBlock + 12345, HashAlgorithm.Md5)]
    [InlineData(Size, HashAlgorithm.Xxh128)]
    public void It_goes_on_at_any_byte_whatever_was_written_behind_it(int accounted, HashAlgorithm algorithm) => DescriptorLeak.Check(() =>
    {
        var upload = Begun(accounted, algorithm, out var journalled);
        // Written, and not accounted for: the client sends that once more.
        Assert.Null(upload.Write(_content.AsSpan(accounted, Math.Min(1000, Size - accounted))));
        upload.LeaveAsItIs();
        upload.Dispose();
        var restored = _tree.RestoreUpload(journalled, algorithm);
        Assert.Equal(UploadFound.Partial, restored.Found);
        using (var next = restored.Upload!)
        {
            Assert.Null(next.Write(_content.AsSpan(accounted)));
            var digest = UploadTests.Digest(_content, algorithm);
            Assert.Equal(digest, next.Commit(Size, digest).Value!.Digest);
        }
        Assert.Equal(_content, File.ReadAllBytes(_directory["f"]));
        IsAlone();
    });

    [Fact]
    public void One_that_has_its_name_is_committed_and_what_its_worker_had_left_to_do_is_done() => DescriptorLeak.Check(() =>
    {
        using var upload = Begun(Size, HashAlgorithm.Xxh128, out var journalled);
        var map = Cargo.Everything(_directory.Path).Single(static path => path.EndsWith(".map", StringComparison.Ordinal));
        File.Copy(map, _directory["kept"]);
        var digest = UploadTests.Digest(_content);
        var committed = upload.Commit(Size, digest).Value!;
        // Killed between the two: the file has its name, and its map is still there.
        File.Move(_directory["kept"], map);
        var restored = _tree.RestoreUpload(journalled with { Fin = new(Size, digest) }, HashAlgorithm.Xxh128);
        Assert.Equal((UploadFound.Named, committed), (restored.Found, restored.Committed));
        IsAlone();
    });

    [Fact]
    public void One_without_a_name_is_lost_with_its_worker_and_another_file_is_not_taken_for_it() => DescriptorLeak.Check(() =>
    {
        var put = UploadTests.Put("f", 100);
        var upload = _tree.BeginUpload(put, HashAlgorithm.Xxh128, ServedTree.NewToken()).Value!;
        Assert.Null(upload.Write(_content.AsSpan(0, 100)));
        var journalled = new JournalIntake.Upload(put, upload.Token, upload.Stored, 0, 100, 0, new(100, UploadTests.Digest(_content.AsSpan(0, 100))));
        upload.LeaveAsItIs();
        upload.Dispose();
        Assert.Equal(UploadFound.Nothing, _tree.RestoreUpload(journalled, HashAlgorithm.Xxh128).Found);
        // Which is likely to get the number that the lost one had.
        File.WriteAllBytes(_directory["f"], _content[1..101]);
        Assert.Equal(UploadFound.Nothing, _tree.RestoreUpload(journalled, HashAlgorithm.Xxh128).Found);
        IsAlone();
    });

    [Fact]
    public void Who_makes_the_file_of_a_dead_worker_again_leaves_one_behind() => DescriptorLeak.Check(() =>
    {
        var (put, token) = (UploadTests.Put("f", Size), ServedTree.NewToken());
        // Killed before it could say that it has made it, with more in it than anybody knows of.
        using (var lost = _tree.BeginUpload(put, HashAlgorithm.Xxh128, token).Value!)
        {
            Assert.Null(lost.Write(_content));
            lost.LeaveAsItIs();
        }
        using (var upload = _tree.BeginUpload(put, HashAlgorithm.Xxh128, token).Value!)
        {
            Assert.Equal((0, token), (upload.Offset, upload.Token));
            Assert.Null(upload.Write(_content));
            Assert.NotNull(upload.Commit(Size, UploadTests.Digest(_content)).Value);
        }
        IsAlone();
    });

    private void IsAlone()
    {
        Assert.Equal([_directory["f"]], Cargo.Everything(_directory.Path));
        File.Delete(_directory["f"]);
    }

    private Upload Begun(int bytes, HashAlgorithm algorithm, out JournalIntake.Upload journalled)
    {
        var put = UploadTests.Put("f", Size) with { Algorithm = algorithm };
        var upload = _tree.BeginUpload(put, algorithm, ServedTree.NewToken()).Value!;
        Assert.Null(upload.Write(_content.AsSpan(0, bytes)));
        var (stream, whole) = upload.Save();
        journalled = new(put, upload.Token, upload.Stored, 0, bytes, 0, null, stream, whole);
        return upload;
    }
}
