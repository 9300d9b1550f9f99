using System.CommandLine;
using Trainyard.Cli;
using Trainyard.Shell;

namespace Trainyard.Client;

/// <summary>The options that <c>get</c> and <c>put</c> share.</summary>
internal sealed class TransferOptions(string jobs)
{
    private readonly Option<bool> _recursive = new("--recursive", "-r") { Description = "directories with all that lies in them: modes, times, links, empty directories" };

    private readonly Option<int> _jobs = Arguments.Jobs(jobs);

    private readonly Option<Choice<DigestAlgorithm>> _hash = Arguments.Hash("--hash", "digest that proves the transfer, and that is printed");

    private readonly Option<bool> _update = new("--update", "-u") { Description = "only what differs in size, time or digest from what is there" };

    private readonly Option<bool> _noClobber = new("--no-clobber") { Description = "replace nothing: one file that is there is an error, of several it stays as it is" };

    private readonly Option<FileIdentity> _identity = Arguments.IfIdentity("only if the file at the server has this identity");

    private readonly Option<bool> _dryRun = Arguments.DryRun();

    /// <summary>Gives a command these options.</summary>
    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { _recursive, _jobs, _hash, _update, _noClobber, _identity, _dryRun })
            command.Add(option);
    }

    /// <summary>What was chosen.</summary>
    /// <exception cref="UsageException">The choices contradict each other.</exception>
    public TransferChoices Read(ParseResult parsed)
    {
        var choices = new TransferChoices(
            parsed.GetValue(_recursive), parsed.GetValue(_jobs), parsed.GetResult(_jobs) is { Implicit: false }, parsed.GetValue(_hash).Value, parsed.GetValue(_update), parsed.GetValue(_noClobber),
            parsed.GetValue(_identity), parsed.GetValue(_dryRun));
        return choices is { Update: true, NoClobber: true } ? throw new UsageException("--update and --no-clobber exclude each other") : choices;
    }
}

/// <summary>How files and trees are transferred.</summary>
/// <param name="Recursive">Whether directories are.</param>
/// <param name="Jobs">How much at once.</param>
/// <param name="IsJobsGiven">Whether somebody has said so; else a tree has as many as help.</param>
/// <param name="Hash">Which digest.</param>
/// <param name="Update">Whether only what differs.</param>
/// <param name="NoClobber">Whether nothing is replaced.</param>
/// <param name="IfIdentity">Only this content of the server's file; none for any.</param>
/// <param name="DryRun">Whether nothing is done.</param>
internal sealed record TransferChoices(
    bool Recursive, int Jobs, bool IsJobsGiven, DigestAlgorithm Hash, bool Update, bool NoClobber, FileIdentity IfIdentity, bool DryRun)
{
    /// <summary>For a tree.</summary>
    public TreeOptions ForTree => new() { Jobs = IsJobsGiven ? Jobs : 0, NoClobber = NoClobber, Update = Update, Digest = Hash };
}
