using System.Collections.Concurrent;
using System.Globalization;
using System.IO.Hashing;
using System.Net;
using Spectre.Console;
using Trainyard.Cli;
using Trainyard.Core.Textbook;
using Trainyard.Shell;

namespace Trainyard.Server;

/// <summary>One run of the demonstration.</summary>
/// <param name="size">The file's size, in bytes.</param>
/// <param name="workers">Worker processes.</param>
/// <param name="clients">Clients that fetch it at once.</param>
/// <param name="dialect">What is spoken; <c>null</c> is the native protocol.</param>
/// <param name="parent">Where its directory goes.</param>
/// <param name="kills">Whether workers are killed meanwhile.</param>
internal sealed class Demo(long size, int workers, int clients, Dialect? dialect, string parent, bool kills)
{
    // A connection that breaks is an error here: going on is the server's part.
    private static readonly TrainyardClientOptions Unsuspecting = new() { Retries = 0 };

    private readonly ConcurrentBag<TransferEnded> _ends = [];

    /// <summary>Runs it in a directory of its own, which it removes.</summary>
    public async Task<int> RunAsync(CancellationToken cancellation)
    {
        var directory = CreateDirectory();
        try
        {
            CheckRoom(directory);
            Console.WriteLine($"generating {Units.Size(size)} in {directory}");
            var source = Path.Combine(directory, "cargo.bin");
            var expected = Generate(source, cancellation);
            return (int)await ServeAndFetchAsync(directory, source, expected, cancellation).ConfigureAwait(false);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private Task<ExitCode> ServeAndFetchAsync(string directory, string source, string expected, CancellationToken cancellation) =>
        dialect is { } spoken
            ? FetchTextbookAsync(directory, source, expected, spoken, cancellation)
            : FetchNativeAsync(directory, source, expected, cancellation);

    private async Task<ExitCode> FetchNativeAsync(string directory, string source, string expected, CancellationToken cancellation)
    {
        using var server = new TrainyardServer(new()
        {
            Root = Path.GetDirectoryName(source)!,
            ReadOnly = true,
            Listen = [new IPEndPoint(IPAddress.Loopback, 0)],
            Processes = workers,
            // So few that a worker that is ready before the others does not take all clients.
            Slots = (clients + workers - 1) / workers,
        });
        server.SessionEnded += (_, ended) => _ends.Add(ended);
        var address = TrainAddress.Of((IPEndPoint)server.EndPoints[0], Path.GetFileName(source));
        return await ServeAsync(server.Start(), server.Drain, server.StopNow, $"{address}", expected, async own =>
        {
            await using var client = await TrainyardClient.ConnectAsync(address, kills ? Unsuspecting : null, cancellation).ConfigureAwait(false);
            var target = Path.Combine(own, Path.GetFileName(source));
            var result = await client.DownloadAsync(address.Path, target, null, null, cancellation).ConfigureAwait(false);
            File.Delete(target);
            return new(result.Size, result.Elapsed, result.Digest);
        }, directory).ConfigureAwait(false);
    }

    private async Task<ExitCode> FetchTextbookAsync(
        string directory, string source, string expected, Dialect spoken, CancellationToken cancellation)
    {
        using var server = new TextbookServer(new TextbookServerOptions { File = source, Workers = workers, Dialect = spoken });
        server.TransferEnded += (_, ended) => _ends.Add(ended);
        return await ServeAsync(server.Start(), server.Drain, server.StopNow, $"{server.EndPoint}", expected, async own =>
        {
            var result = await TextbookClient.DownloadAsync(
                new TextbookClientOptions { Server = server.EndPoint, Dialect = spoken, Directory = own, Digest = DigestAlgorithm.Xxh128 },
                progress: null,
                cancellation).ConfigureAwait(false);
            File.Delete(result.Path);
            return new(result.Bytes, result.Elapsed, result.Digest ?? "");
        }, directory).ConfigureAwait(false);
    }

    private async Task<ExitCode> ServeAsync(
        Task<ServerReport> serving, Action drain, Action stop, string where, string expected, Func<string, Task<Fetched>> fetch, string directory)
    {
        try
        {
            Console.WriteLine($"{workers} workers on {where}; {clients} clients fetch it at once");
            using var killing = kills ? new WorkerKiller() : null;
            var fetched = await Task.WhenAll(
                Enumerable.Range(1, clients).Select(number => fetch(OwnDirectory(directory, number)))).ConfigureAwait(false);
            killing?.Dispose();
            drain();
            await serving.ConfigureAwait(false);
            if (killing is not null)
                Console.WriteLine($"{killing.Killed} workers were killed meanwhile; each connection is still the one that its client opened");
            return Show(fetched, expected, isShared: killing is null);
        }
        finally
        {
            stop();
            await serving.ConfigureAwait(false);
        }
    }

    private static string OwnDirectory(string directory, int number) =>
        Directory.CreateDirectory(Path.Combine(directory, number.ToString(CultureInfo.InvariantCulture))).FullName;

    private ExitCode Show(Fetched[] fetched, string expected, bool isShared)
    {
        var table = new Table();
        foreach (var heading in (string[])["client", "bytes", "time", "rate", "xxh128"])
            table.AddColumn(heading, column => column.NoWrap().RightAligned());
        for (var i = 0; i < fetched.Length; i++)
            table.AddRow(
                (i + 1).ToString(CultureInfo.InvariantCulture),
                fetched[i].Bytes.ToString("N0", CultureInfo.InvariantCulture),
                string.Create(CultureInfo.InvariantCulture, $"{fetched[i].Elapsed.TotalSeconds:0.000} s"),
                Units.Rate(fetched[i].Bytes, fetched[i].Elapsed),
                fetched[i].Digest == expected ? "[green]equal[/]" : "[red]DIFFERENT[/]");
        AnsiConsole.Write(table);
        // What workers had sent that were killed, nobody has counted.
        foreach (var worker in _ends.Where(_ => isShared).GroupBy(static end => end.WorkerPid).OrderBy(static group => group.Key))
            Console.WriteLine($"worker {worker.Key} sent {Units.Size(worker.Sum(static end => end.FileBytes))} on {worker.Count()} connections");
        var equal = fetched.Count(result => result.Digest == expected);
        Console.WriteLine(
            equal == fetched.Length
                ? $"all {fetched.Length} digests equal the source's, {expected}"
                : $"{fetched.Length - equal} of {fetched.Length} digests differ from the source's, {expected}");
        return equal == fetched.Length ? ExitCode.Done : ExitCode.Integrity;
    }

    /// <summary>What one client got.</summary>
    private sealed record Fetched(long Bytes, TimeSpan Elapsed, string Digest);

    private string CreateDirectory()
    {
        try
        {
            return Directory.CreateDirectory(Path.Combine(parent, $"trainyard-demo-{Path.GetRandomFileName()}")).FullName;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new TransferException(TransferFailure.LocalIO, $"cannot create a directory in {parent}: {e.Message}", e);
        }
    }

    private void CheckRoom(string directory)
    {
        var needed = size * (clients + 1L);
        var free = new DriveInfo(directory).AvailableFreeSpace;
        if (free >= needed)
            return;
        Directory.Delete(directory);
        throw new TransferException(
            TransferFailure.NoSpace,
            $"the demo needs {Units.Size(needed)} in {parent} and there are {Units.Size(free)}: choose a smaller --size, fewer --clients or another --dir");
    }

    // Pseudo-random, so that no file system or link can compress it away, and the same in every run.
    private string Generate(string path, CancellationToken cancellation)
    {
        var random = new Random(20_261_123);
        var digest = new XxHash128();
        var block = new byte[1 << 20];
        using var file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write, preallocationSize: size);
        for (var written = 0L; written < size;)
        {
            cancellation.ThrowIfCancellationRequested();
            random.NextBytes(block);
            var count = (int)Math.Min(block.Length, size - written);
            RandomAccess.Write(file, block.AsSpan(0, count), written);
            digest.Append(block.AsSpan(0, count));
            written += count;
        }
        return Convert.ToHexStringLower(digest.GetHashAndReset());
    }
}
