using Trainyard.Core.Protocol;
using Trainyard.Core.Transfer;
using Trainyard.Integration.Support;
using Trainyard.Shell.Linux;
using Trainyard.Shell.Storage;
using Xunit;

namespace Trainyard.Integration.Storage;

/// <summary>Two who have the same file on its way: the newer one has it at once, the older one never touches it again.</summary>
public sealed class TakeOverTests : IDisposable
{
    private const string Key = "ab";
    private const int Block = ResumeLayout.SmallestBlock;
    private const long Size = 3L * Block;

    private static readonly PublishOptions Plain = new(Mode: null, ModifiedNs: null, NoClobber: false, IsDurable: false);

    private readonly TemporaryDirectory _directory = new();
    private readonly FileDescriptor _root;

    public TakeOverTests() => _root = _directory.Open();

    [Fact]
    public void The_newer_owner_goes_on_and_the_older_one_is_told() => DescriptorLeak.Check(() =>
    {
        using var older = Open();
        var writer = older.WriterAt(0);
        Assert.Equal(Errno.None, writer.Write(Filled(1, Block + 100)));
        using var newer = Open();
        Assert.Equal(Block, newer.ProvenPrefix);
        Assert.Equal(Errno.StaleHandle, writer.Write(Filled(2, 10)));
        Assert.True(older.IsTakenOver);
        Assert.Equal(Errno.StaleHandle, older.Preallocate());
        Assert.Equal(Errno.StaleHandle, older.Publish("f"u8, Plain));
        older.Discard();
        older.Keep();
        Assert.Equal(Errno.None, newer.WriterAt(Block).Write(Filled(1, 2 * Block)));
        Assert.False(newer.IsTakenOver);
        Assert.Equal(Errno.None, newer.Publish("f"u8, Plain));
        Assert.Equal(Filled(1, (int)Size), File.ReadAllBytes(_directory["f"]));
        Assert.Single(Cargo.Everything(_directory.Path));
    });

    [Fact]
    public void What_the_newer_owner_has_published_is_out_of_the_older_one_s_reach()
    {
        using var older = Open();
        var writer = older.WriterAt(0);
        Assert.Equal(Errno.None, writer.Write(Filled(1, Block)));
        using (var newer = Open())
        {
            Assert.Equal(Errno.None, newer.WriterAt(Block).Write(Filled(1, 2 * Block)));
            Assert.Equal(Errno.None, newer.Publish("f"u8, Plain));
        }
        Assert.Equal(Errno.StaleHandle, writer.Write(Filled(2, Block)));
        Assert.Equal(Errno.StaleHandle, older.Publish("g"u8, Plain));
        older.Discard();
        Assert.Equal(Filled(1, (int)Size), File.ReadAllBytes(_directory["f"]));

        // And a third one under the same key begins anew.
        using var third = Open();
        Assert.Equal(0, third.ProvenPrefix);
        Assert.Equal(Errno.None, third.WriterAt(0).Write(Filled(3, 10)));
        Assert.Equal(Errno.StaleHandle, writer.Write(Filled(2, 10)));
    }

    [Fact]
    public void Owners_that_chase_each_other_never_mix_their_bytes()
    {
        // Each writes its own bytes over and over until the next one comes; in the end every block is of one piece.
        var results = new Errno[4][];
        using var gate = new SemaphoreSlim(0);
        var owners = new Thread[4];
        for (var number = 0; number < owners.Length; number++)
        {
            var own = number;
            owners[own] = new Thread(() =>
            {
                using var file = Open();
                gate.Release();
                var writers = Enumerable.Range(0, 2).Select(i => new Thread(() => WriteUntilTakenOver(file, i, own, results))).ToList();
                results[own] = new Errno[2];
                writers.ForEach(static thread => thread.Start());
                writers.ForEach(static thread => thread.Join());
            });
            owners[own].Start();
            gate.Wait(TestContext.Current.CancellationToken);
        }
        using (var last = Open())
        {
            foreach (var owner in owners)
                owner.Join();
            Assert.All(results, static pair => Assert.All(pair, static error => Assert.Equal(Errno.StaleHandle, error)));
            var bytes = new byte[Block];
            for (var at = 0L; at < last.ProvenPrefix; at += Block)
            {
                Libc.ReadAt(last.Descriptor, bytes, at);
                Assert.Equal(-1, bytes.AsSpan().IndexOfAnyExcept(bytes[0]));
            }
            Assert.Equal(Errno.None, last.WriterAt(0).Write(Filled(9, (int)Size)));
            Assert.Equal(Errno.None, last.Publish("f"u8, Plain));
        }
        Assert.Equal(Filled(9, (int)Size), File.ReadAllBytes(_directory["f"]));
    }

    [Fact]
    public void What_nobody_went_on_with_is_cleared_away_and_what_is_in_use_is_not()
    {
        Directory.CreateDirectory(_directory["sub/deep"]);
        using var sub = Libc.Open(_root, "sub/deep"u8, OpenFlags.Directory).OrThrow("openat");
        foreach (var key in (string[])["aa", "bb"])
        {
            using var left = PartialFile.Open(sub, key, default, Size).File!;
            left.WriterAt(0).Write(Filled(1, Block));
        }
        File.WriteAllText(_directory["sub/.trainyard-cc.map"], "an orphan");
        File.WriteAllText(_directory["sub/.trainyard-dd.tmp"], "a leftover");
        File.CreateSymbolicLink(_directory["sub/.trainyard-ee.tmp"], "nowhere");
        File.WriteAllText(_directory["sub/file.part"], "the user's own");
        using (var used = PartialFile.Open(sub, "aa", default, Size).File!)
        {
            Assert.Equal(0, StalePartials.Collect(_root, before: 0, TestContext.Current.CancellationToken));
            Assert.Equal(5, StalePartials.Collect(_root, long.MaxValue, TestContext.Current.CancellationToken));
            Assert.Equal(Block, used.ProvenPrefix);
            Assert.Equal(Errno.None, used.WriterAt(Block).Write(Filled(1, 5)));
        }
        Assert.Equal(
            [".trainyard-aa.map", ".trainyard-aa.part", "deep", "file.part", "sub"],
            Cargo.Everything(_directory.Path).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal));
        Assert.Equal(2, StalePartials.Collect(_root, long.MaxValue, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Clearing_away_and_opening_at_once_leave_every_opener_with_a_file_of_its_own()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var collector = new Thread(() =>
        {
            while (!stop.IsCancellationRequested)
                StalePartials.Collect(_root, long.MaxValue, CancellationToken.None);
        });
        collector.Start();
        try
        {
            for (var round = 0; round < 50; round++)
            {
                using var file = Open();
                Assert.Equal(Errno.None, file.WriterAt(0).Write(Filled(round, 1000)));
                Assert.Equal(Errno.None, Libc.StatusOf(_root, PartialNames.Part(Key), out var part));
                Assert.Equal(Libc.Status(file.Descriptor).Inode, part.Inode);
                Assert.Equal(Errno.None, Libc.StatusOf(_root, PartialNames.Map(Key), out _));
            }
        }
        finally
        {
            stop.Cancel();
            collector.Join();
        }
    }

    public void Dispose()
    {
        _root.Dispose();
        _directory.Dispose();
    }

    private static void WriteUntilTakenOver(PartialFile file, int range, int own, Errno[][] results)
    {
        var piece = Filled(own, 64 * 1024);
        Errno error;
        do
        {
            var writer = file.WriterAt((long)range * Block);
            error = Errno.None;
            while (error == Errno.None && writer.Position < (range + 1L) * Block)
                error = writer.Write(piece);
        }
        while (error == Errno.None);
        results[own][range] = error;
    }

    private PartialFile Open()
    {
        var (file, error) = PartialFile.Open(_root, Key, new Opaque("s"u8), Size);
        Assert.Equal(Errno.None, error);
        return file!;
    }

    private static byte[] Filled(int value, int count)
    {
        var bytes = new byte[count];
        bytes.AsSpan().Fill((byte)value);
        return bytes;
    }
}
