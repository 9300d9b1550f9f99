using System.Net;
using Trainyard.Integration.Native;
using Trainyard.Integration.Support;
using Trainyard.Shell;
using Xunit;

namespace Trainyard.Integration.Transfer;

/// <summary>Bits that flip, streams that end or stop, anywhere: a transfer is mended or fails by its name, and what is wrong is never taken.</summary>
public sealed class DamageTests : IAsyncLifetime
{
    private static readonly TrainyardClientOptions Quick = new()
    {
        ConnectLimit = TimeSpan.FromMilliseconds(500),
        NoProgressLimit = TimeSpan.FromMilliseconds(500),
        FirstDelay = TimeSpan.FromMilliseconds(1),
        LongestDelay = TimeSpan.FromMilliseconds(5),
    };

    // A request, a file that goes along with one, one of several trains, one of several blocks.
    private static readonly int[] Sizes = [0, 3_000, 700_000, 9_000_000];

    private readonly TemporaryDirectory _directory = new();
    private RunningServer? _server;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        _server = await RawSession.ServeAsync(_directory.Sub("there"), "--processes", "1", "--per-address", "none");
        foreach (var size in Sizes)
            Cargo.Create(_directory, $"{size}", size);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _server!.DisposeAsync();
        _directory.Dispose();
    }

    [Theory]
    [InlineData("get")]
    [InlineData("put")]
    public async Task A_file_is_mended_or_refused(string verb)
    {
        var (mended, refused) = (0, 0);
        await RoundsAsync(LongRun.Or(2000, 36), async (random, client, here, there) =>
        {
            var source = _directory[$"{Sizes[random.Next(Sizes.Length)]}"];
            var target = Path.Combine(verb == "get" ? here : there, "f");
            var old = random.Next(2) == 0 ? "old" : null;
            if (old is not null)
                File.WriteAllText(target, old);
            if (verb == "get")
                File.Copy(source, Path.Combine(there, "f"));
            TrainPath path = $"{Path.GetFileName(there)}/f";
            try
            {
                _ = verb == "get"
                    ? await client.DownloadAsync(path, target, new() { Jobs = random.Next(1, 3) }, cancellationToken: Stop)
                    : await client.UploadAsync(source, path, cancellationToken: Stop);
                Assert.True(Cargo.Same(source, target));
                Assert.Single(Directory.GetFileSystemEntries(Path.GetDirectoryName(target)!));
                mended++;
            }
            catch (TransferException)
            {
                // The last answer may have been lost behind the deed.
                if (verb == "get" || !File.Exists(target) || !Cargo.Same(source, target))
                    Assert.Equal(old, File.Exists(target) ? File.ReadAllText(target) : null);
                refused++;
            }
        });
        Assert.True(mended > 0 && refused > 0, $"{mended} mended, {refused} refused");
    }

    [Theory]
    [InlineData("get")]
    [InlineData("put")]
    public async Task Each_file_of_a_tree_is_mended_or_refused(string verb)
    {
        var tree = _directory.Sub("tree");
        for (var i = 0; i < 50; i++)
            File.Copy(_directory[$"{Sizes[i % 25 == 0 ? 2 : 1]}"], Path.Combine(tree, $"{i}"));
        await RoundsAsync(LongRun.Or(500, 12), async (random, client, here, there) =>
        {
            TrainPath path = $"{Path.GetFileName(there)}";
            var target = verb == "get" ? here : there;
            if (verb == "get")
                foreach (var file in Directory.EnumerateFiles(tree))
                    File.Copy(file, Path.Combine(there, Path.GetFileName(file)));
            var isWhole = false;
            try
            {
                var result = verb == "get"
                    ? await client.DownloadTreeAsync(path, here, new() { Jobs = random.Next(1, 3) }, cancellationToken: Stop)
                    : await client.UploadTreeAsync(tree, path, new() { Jobs = random.Next(1, 3) }, cancellationToken: Stop);
                isWhole = result.Failures.Count == 0;
                Assert.True(!isWhole || result.Files == 50, $"{result.Files} files and no failure");
            }
            catch (TransferException)
            {
                // Whatever is there has to be right all the same.
            }
            var visible = Directory.EnumerateFiles(target).Where(static name => !Path.GetFileName(name).StartsWith('.')).ToArray();
            Assert.All(visible, file => Assert.True(Cargo.Same(Path.Combine(tree, Path.GetFileName(file)), file)));
            Assert.True(!isWhole || visible.Length == 50, $"{visible.Length} files are there and no failure was told");
        });
    }

    private async Task RoundsAsync(int count, Func<Random, TrainyardClient, string, string, Task> round)
    {
        for (var seed = 0; seed < count; seed++)
        {
            var random = new Random(seed);
            // A few connections are bad, or all of them.
            var isHopeless = seed % 6 == 0;
            var bad = isHopeless ? int.MaxValue : random.Next(1, 6);
            using var proxy = new Proxy(_server!.Port, () => bad-- > 0 ? Bad(random, isHopeless ? 60 : Sizes[random.Next(1, Sizes.Length)]) : static (_, _) => Proxy.Course.Pass);
            var (here, there) = (_directory.Sub($"here{seed}"), _directory.Sub($"there/{seed}"));
            try
            {
                await using var client = await TrainyardClient.ConnectAsync(
                    TrainAddress.Of(new(IPAddress.Loopback, proxy.Port)), Quick with { StateDirectory = _directory["state"] }, Stop);
                await round(random, client, here, there);
            }
            catch (TransferException)
            {
                // Not even the hellos went through.
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                throw new InvalidOperationException($"seed {seed}", failure);
            }
            Directory.Delete(here, recursive: true);
            Directory.Delete(there, recursive: true);
        }
    }

    private static Proxy.Meddle Bad(Random random, int within)
    {
        var toClient = random.Next(2) == 0;
        // Anywhere in the stream, and often where control trains are.
        long at = random.Next(random.Next(3) == 0 ? Math.Min(400, within) : within);
        var kind = random.Next(30);
        return (isToClient, bytes) =>
        {
            if (isToClient != toClient || at < 0)
                return Proxy.Course.Pass;
            if (at >= bytes.Length)
            {
                at -= bytes.Length;
                return Proxy.Course.Pass;
            }
            var here = (int)at;
            at = -1;
            switch (kind)
            {
                case < 3:
                    return Proxy.Course.Cut;
                case < 6:
                    return Proxy.Course.Reset;
                case 6:
                    return Proxy.Course.Stall;
                case < 10:
                    random.NextBytes(bytes[here..Math.Min(bytes.Length, here + 8)]);
                    return Proxy.Course.Pass;
                default:
                    bytes[here] ^= (byte)(1 << random.Next(8));
                    return Proxy.Course.Pass;
            }
        };
    }
}
