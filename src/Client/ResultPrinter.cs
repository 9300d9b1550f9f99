using System.Text;
using Trainyard.Cli;
using Trainyard.Shell;

namespace Trainyard.Client;

/// <summary>
/// What a person or a script reads at the end: on standard output the digest and the file as <c>md5sum</c> and its kin print and check
/// them, or one line of JSON; on standard error, for a person, how much and how fast.
/// </summary>
internal sealed class ResultPrinter(bool quiet, bool json, DigestAlgorithm? algorithm)
{
    /// <summary>Whether nothing is to be printed but errors.</summary>
    public bool IsQuiet => quiet;

    /// <summary>A download's end.</summary>
    public void Print(DownloadResult result)
    {
        if (json)
            Console.WriteLine(JsonLine.Of(writer =>
            {
                writer.WriteString("path", result.Path);
                writer.WriteString("name", result.Name);
                writer.WriteNumber("bytes", result.Bytes);
                writer.WriteNumber("seconds", Math.Round(result.Elapsed.TotalSeconds, 6));
                writer.WriteString("hash", algorithm is { } known ? JsonLine.Algorithm(known) : null);
                writer.WriteString("digest", result.Digest);
            }));
        else if (!quiet)
        {
            PrintPath(result);
            Summarise(result.Bytes, result.Elapsed);
        }
    }

    /// <summary>An echo's end; standard output belongs to what came back.</summary>
    public void Print(EchoResult result)
    {
        if (json)
            Console.Error.WriteLine(JsonLine.Of(writer =>
            {
                writer.WriteNumber("bytes", result.Bytes);
                writer.WriteNumber("seconds", Math.Round(result.Elapsed.TotalSeconds, 6));
            }));
        else if (!quiet)
            Summarise(result.Bytes, result.Elapsed);
    }

    private static void PrintPath(DownloadResult result)
    {
        using var output = Console.OpenStandardOutput();
        var path = Encoding.UTF8.GetBytes(result.Path);
        output.Write(result.Digest is null ? path : ChecksumLine.Of(result.Digest, path, forTerminal: false));
        output.WriteByte((byte)'\n');
    }

    private static void Summarise(long bytes, TimeSpan elapsed)
    {
        if (!Console.IsErrorRedirected)
            Console.Error.WriteLine($"{Units.Size(bytes)} in {elapsed.TotalSeconds:0.00} s, {Units.Rate(bytes, elapsed)}");
    }
}
