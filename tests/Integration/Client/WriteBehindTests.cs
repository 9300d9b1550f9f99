using Trainyard.Core.Protocol;
using Trainyard.Integration.Support;
using Trainyard.Shell;
using Trainyard.Shell.Client.Native;
using Xunit;

namespace Trainyard.Integration.Client;

/// <summary>What is received is written on another thread: in order, whole, in time, and its failures are told to who receives.</summary>
public sealed class WriteBehindTests : IDisposable
{
    private const int Size = 20 * 1024 * 1024 + 5;

    private readonly TemporaryDirectory _directory = new();
    private readonly LocalPlace _place;

    public WriteBehindTests() => _place = LocalPlace.Of(_directory["f"]);

    public void Dispose()
    {
        _place.Directory.Dispose();
        _directory.Dispose();
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(131_072)]
    [InlineData(1_000_003)]
    public void Pieces_of_any_length_make_the_file(int length)
    {
        var content = StreamTests.Random(Size);
        using var parts = Open();
        using (var behind = new WriteBehind(parts, parts.WriterAt(0)))
        {
            for (var at = 0; at < Size; at += length)
                behind.Write(content.AsSpan(at, Math.Min(length, Size - at)));
            behind.Settle();
            behind.Check();
            Assert.Equal(Size, parts.Moved);
        }
        parts.Publish(new(null, null, NoClobber: false, IsDurable: false));
        Assert.Equal(content, File.ReadAllBytes(_directory["f"]));
    }

    [Fact]
    public void Few_bytes_do_not_wait_for_more()
    {
        using var parts = Open();
        using var behind = new WriteBehind(parts, parts.WriterAt(0));
        behind.Write([1, 2, 3]);
        Assert.True(behind.HasUnwritten);
        Thread.Sleep(WriteBehind.LongestWaitMs);
        behind.Write([4]);
        Assert.True(SpinWait.SpinUntil(() => parts.Moved == 4, TimeSpan.FromSeconds(10)));
        Assert.False(behind.HasUnwritten);
    }

    [Fact]
    public void A_failure_is_told_and_nothing_is_written_behind_it()
    {
        using var parts = Open();
        using var behind = new WriteBehind(parts, parts.WriterAt(0));
        behind.Write(StreamTests.Random(200_000));
        behind.Settle();
        behind.Check();
        using var newer = Open();
        var failure = Assert.Throws<TransferException>(() => behind.Write(StreamTests.Random(Size - 200_000)));
        Assert.Equal(TransferFailure.LocalIO, failure.Reason);
        behind.Settle();
        Assert.Throws<TransferException>(behind.Check);
        Assert.Equal(200_000, parts.Moved);
    }

    private IncomingParts Open() =>
        IncomingParts.Open(_place, "0123", new Message.Meta(Size, 0, 0x1A4, new([1]), 1024 * 1024, HashAlgorithm.Xxh128), isPrivate: false, isDurable: false, prefix: null);
}
