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
        var saved = whole.Save();
        whole.Append(bytes.AsSpan(200_000));

        using var resumed = ContentDigest.Restore(HashAlgorithm.Xxh128, saved, out var position);
        Assert.InRange(position, 198_000, 200_000);
        resumed.Append(bytes.AsSpan((int)position));
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
        Assert.True(digest.Save().IsEmpty);
        using var again = ContentDigest.Restore(algorithm, new(new byte[72]), out var position);
        Assert.Equal(0, position);
    }
}
