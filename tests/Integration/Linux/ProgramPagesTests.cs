using System.Globalization;
using System.Text.RegularExpressions;
using Trainyard.Integration.Support;
using Trainyard.Shell.Linux;
using Xunit;

namespace Trainyard.Integration.Linux;

/// <summary>What a process that rests has mapped of its program.</summary>
public sealed class ProgramPagesTests : IDisposable
{
    private static readonly int Page = Environment.SystemPageSize;

    private readonly TemporaryDirectory _directory = new();

    [Fact]
    public void What_is_as_in_its_file_goes_and_comes_back()
    {
        var content = new byte[8 * Page];
        Random.Shared.NextBytes(content);
        using var file = _directory.OpenNew("program", content);
        Assert.Equal(Errno.None, Libc.Map(file, 0, content.Length, writable: false, out var mapped));
        using var region = mapped!;
        Assert.Equal(content, region.Slice(0, content.Length).ToArray());
        Assert.Equal(content.Length, Resident("program"));
        ProgramPages.Forget(ProgramPages.FindUnchanged());
        Assert.Equal(0, Resident("program"));
        Assert.Equal(content, region.Slice(0, content.Length).ToArray());
    }

    [Fact]
    public void What_may_be_written_stays()
    {
        using var file = _directory.OpenNew("data", new byte[8 * Page]);
        Assert.Equal(Errno.None, Libc.Map(file, 0, 8 * Page, writable: true, out var mapped));
        using var region = mapped!;
        region.Slice(0, 8 * Page).Fill(7);
        ProgramPages.Forget(ProgramPages.FindUnchanged());
        Assert.Equal(8 * Page, Resident("data"));
    }

    [Fact]
    public async Task Any_thread_may_go_on_meanwhile()
    {
        using var stop = new CancellationTokenSource();
        var others = Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            var sum = 0;
            var i = 0;
            do
                sum += string.Create(CultureInfo.InvariantCulture, $"{i:N0} {Regex.IsMatch("train", "r.i")} {new Version(1, i++)}").Length;
            while (!stop.IsCancellationRequested);
            return sum;
        })).ToArray();
        for (var i = 0; i < 50; i++)
            ProgramPages.Forget(ProgramPages.FindUnchanged());
        await stop.CancelAsync();
        Assert.All(await Task.WhenAll(others), sum => Assert.NotEqual(0, sum));
    }

    public void Dispose() => _directory.Dispose();

    // Bytes of the file of that name below our directory that are mapped and in memory (proc(5), smaps).
    private int Resident(string name)
    {
        var lines = File.ReadAllLines("/proc/self/smaps").SkipWhile(line => !line.EndsWith(_directory[name], StringComparison.Ordinal));
        var size = lines.First(line => line.StartsWith("Rss:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1];
        return int.Parse(size, CultureInfo.InvariantCulture) * 1024;
    }
}
