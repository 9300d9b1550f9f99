using System.CommandLine;
using Trainyard.Shell;

namespace Trainyard.Client;

/// <summary><c>trainyard hash URL...</c>: digests that the server computes, to compare with local files.</summary>
internal static class HashCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var (session, output) = (new SessionOptions(), new OutputOptions("path, url, size, hash, digest, identity"));
        var urls = Arguments.Addresses($"files; {Arguments.Patterns}");
        var algorithm = Arguments.Hash("--algorithm", "which digest");
        algorithm.Aliases.Add("--hash");
        algorithm.Aliases.Add("-a");
        var command = new Command(
            "hash",
            "Have the server compute digests of files, printed for md5sum -c and its kin. Names are relative to the directory that the pattern begins in.")
        {
            urls, algorithm,
        };
        session.AddTo(command);
        output.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            var sources = Arguments.SourcesOf(parsed, urls);
            using var report = output.Open(parsed);
            var tally = new Tally(report);
            await using var servers = session.Open(parsed, report);
            await RemoteTarget.ForEachAsync(servers, sources, tally, async target =>
            {
                // A pattern matches directories too, and links to them; they have no digest.
                if (target.Entry?.Kind is RemoteEntryKind.Directory or RemoteEntryKind.Other)
                    return;
                try
                {
                    Print(report, target, await target.Client.HashAsync(target.Path, parsed.GetValue(algorithm).Value, cancellation).ConfigureAwait(false));
                    tally.Done();
                }
                catch (TransferException e) when (e.Reason == TransferFailure.WrongKind && target.Entry?.Kind == RemoteEntryKind.Link)
                {
                    report.Note($"{target.Address} is left out: it leads to a directory");
                }
            }, cancellation).ConfigureAwait(false);
            return tally.ExitCode;
        });
        return command;
    }

    private static void Print(Report report, RemoteTarget target, RemoteHash hash)
    {
        if (!report.IsJson)
            report.Checksum(hash.Digest, target.Name);
        else
            report.Json(writer =>
            {
                JsonLine.WritePath(writer, target.Address, target.Path);
                writer.WriteNumber("size", hash.Size);
                writer.WriteString("hash", JsonLine.Algorithm(hash.Algorithm));
                writer.WriteString("digest", hash.Digest);
                writer.WriteString("identity", hash.Identity.ToString());
            });
    }
}
