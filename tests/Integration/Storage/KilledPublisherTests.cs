using System.Diagnostics;
using Trainyard.Core.Protocol;
using Trainyard.Core.Transfer;
using Trainyard.Integration.Support;
using Trainyard.Shell.Linux;
using Trainyard.Shell.Storage;
using Xunit;

namespace Trainyard.Integration.Storage;

/// <summary>A process that replaces files over and over is killed wherever it is: the old file or the new one is there, whole.</summary>
public sealed class KilledPublisherTests
{
    private const string WhereToPublish = "TRAINYARD_TEST_PUBLISH";
    private const int Large = ResumeLayout.SmallestBlock + 1000;
    private const int Small = 1000;
    private const int Kills = 3;

    [Fact]
    public async Task A_kill_leaves_the_old_file_or_the_new_one_and_nothing_that_is_not_cleared_away()
    {
        using var directory = new TemporaryDirectory();
        using var root = directory.Open();
        for (var kill = 0; kill < Kills; kill++)
        {
            using var publisher = Process.Start(new ProcessStartInfo(
                Environment.ProcessPath!, ["-explicit", "only", "-class", typeof(KilledPublisherTests).FullName!])
            {
                Environment = { [WhereToPublish] = directory.Path },
                RedirectStandardOutput = true,
            })!;
            try
            {
                await PublishesAsync(root);
            }
            finally
            {
                publisher.Kill();
                await publisher.WaitForExitAsync(TestContext.Current.CancellationToken);
            }
            CheckWhole(directory["large"], Large);
            CheckWhole(directory["small"], Small);
        }
        StalePartials.Collect(root, long.MaxValue, TestContext.Current.CancellationToken);
        Assert.Equal(["large", "small"], Cargo.Everything(directory.Path).Select(path => Path.GetFileName(path)));
    }

    [Fact(Explicit = true)]
    public void The_process_that_is_killed()
    {
        var where = Environment.GetEnvironmentVariable(WhereToPublish);
        Assert.SkipWhen(where is null, "Started by the other test only.");
        using var directory = Libc.Open(FileDescriptor.WorkingDirectory, System.Text.Encoding.UTF8.GetBytes(where!), OpenFlags.Directory).OrThrow("openat");
        for (var round = 0; ; round++)
        {
            Publish(directory, "large"u8, Large, (byte)round);
            Publish(directory, "small"u8, Small, (byte)round);
        }
    }

    private static void Publish(FileDescriptor directory, ReadOnlySpan<byte> name, int size, byte value)
    {
        var content = new byte[size];
        content.AsSpan().Fill(value);
        var (file, error) = PartialFile.Open(directory, "ab", new Opaque([value]), size);
        Assert.Equal(Errno.None, error);
        using (file)
        {
            Assert.Equal(Errno.None, file!.WriterAt(0).Write(content));
            Assert.Equal(Errno.None, file.Publish(name, new(Mode: null, ModifiedNs: null, NoClobber: false, IsDurable: value % 4 == 0)));
        }
    }

    /// <summary>Until it has replaced both files: it is in the middle of its work.</summary>
    private static async Task PublishesAsync(FileDescriptor directory)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(60));
        var (large, small) = (InodeOf(directory, "large"u8), InodeOf(directory, "small"u8));
        while (InodeOf(directory, "large"u8) == large || InodeOf(directory, "small"u8) == small)
            await Task.Delay(1, limit.Token);
    }

    private static ulong InodeOf(FileDescriptor directory, ReadOnlySpan<byte> name) =>
        Libc.StatusOf(directory, name, out var status) == Errno.None ? status.Inode : 0;

    private static void CheckWhole(string path, int size)
    {
        var content = File.ReadAllBytes(path);
        Assert.Equal(size, content.Length);
        Assert.Equal(-1, content.AsSpan().IndexOfAnyExcept(content[0]));
    }
}
