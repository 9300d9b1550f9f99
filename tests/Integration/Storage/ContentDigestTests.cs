using Trainyard.Core.Protocol;
using Trainyard.Shell.Storage;
using Xunit;

namespace Trainyard.Integration.Storage;

/// <summary>A digest of passing bytes that another process can finish.</summary>
public class ContentDigestTests
{
    [Fact]
    public void One_goes_on_where_another_was_left()
    {
        var bytes = new byte[300_001];
        new Random(1).NextBytes(bytes);
        using var whole = new ContentDigest(HashAlgorithm.Xxh128);
        whole.Append(bytes.AsSpan(0, 200_000));
        var checkpoint = whole.Checkpoint!.Value;
        whole.Append(bytes.AsSpan(200_000));

        using var resumed = new ContentDigest(checkpoint);
        resumed.Append(bytes.AsSpan((int)checkpoint.Position));
        var digest = resumed.Finish();
        Assert.Equal(System.IO.Hashing.XxHash128.Hash(bytes), digest.Span);
        Assert.Equal(whole.Finish(), digest);

        // After its end each begins anew.
        resumed.Append(bytes.AsSpan(0, 5));
        Assert.Equal(System.IO.Hashing.XxHash128.Hash(bytes.AsSpan(0, 5)), resumed.Finish().Span);
    }

    [Theory]
    [InlineData(HashAlgorithm.Sha256)]
    [InlineData(HashAlgorithm.Md5)]
    public void Cryptographic_ones_cannot_be_left(HashAlgorithm algorithm)
    {
        using var digest = new ContentDigest(algorithm);
        digest.Append(new byte[5000]);
        Assert.Null(digest.Checkpoint);
    }
}
