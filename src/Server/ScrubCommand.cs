using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Trainyard.Cli;
using Trainyard.Shell;

namespace Trainyard.Server;

/// <summary><c>trainyard-server scrub ROOT</c>: are the files still what their digests say?</summary>
internal static class ScrubCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var root = new Argument<string>("ROOT") { Description = "the directory; its server may run meanwhile" };
        var readOnly = new Option<bool>("--read-only") { Description = "write nothing: else digests of files that are gone are forgotten" };
        var verbose = new Option<bool>("--verbose", "-v") { Description = "name files that are whole too" };
        var json = new Option<bool>("--json") { Description = "one line of JSON a file, and one with the counts at the end" };
        var command = new Command("scrub", "Read every file of which a digest is kept, and say which are damaged.") { root, readOnly, verbose, json };
        command.SetAction((parsed, cancellation) =>
        {
            var counts = new Dictionary<ScrubResult, long>();
            TreeScrub.Run(
                parsed.GetRequiredValue(root),
                file =>
                {
                    counts[file.Result] = counts.GetValueOrDefault(file.Result) + 1;
                    if (file.Result is not ScrubResult.Whole || parsed.GetValue(verbose))
                        Console.WriteLine(parsed.GetValue(json) ? Json(file) : $"{Word(file.Result),-10}  {file.Path}  ({Word(file.Algorithm)})");
                },
                parsed.GetValue(readOnly),
                cancellation);
            Console.WriteLine(parsed.GetValue(json) ? Json(counts) : Text(counts));
            var isWell = counts.GetValueOrDefault(ScrubResult.Damaged) + counts.GetValueOrDefault(ScrubResult.Unreadable) == 0;
            return Task.FromResult((int)(isWell ? ExitCode.Done : ExitCode.Integrity));
        });
        return command;
    }

    private static string Text(Dictionary<ScrubResult, long> counts) =>
        string.Join(", ", Enum.GetValues<ScrubResult>().Select(
            result => string.Create(CultureInfo.InvariantCulture, $"{counts.GetValueOrDefault(result)} {Word(result)}")));

    private static string Json(ScrubbedFile file) =>
        new JsonObject { ["path"] = file.Path, ["algorithm"] = Word(file.Algorithm), ["result"] = Word(file.Result) }.ToJsonString();

    private static string Json(Dictionary<ScrubResult, long> counts)
    {
        var document = new JsonObject();
        foreach (var result in Enum.GetValues<ScrubResult>())
            document[Word(result)] = counts.GetValueOrDefault(result);
        return document.ToJsonString();
    }

    private static string Word<T>(T value) where T : struct, Enum => value.ToString().ToLowerInvariant();
}
