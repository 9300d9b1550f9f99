using System.CommandLine;
using Trainyard.Cli;
using Trainyard.Server;
using Trainyard.Shell;

if (WorkerEntry.RunIfWorker(args) is { } status)
    return status;

var root = new RootCommand("Serves files from a pool of worker processes.")
{
    ServeCommand.Create(),
    ScrubCommand.Create(),
    TextbookCommand.Create(),
    DemoCommand.Create(),
    StatusCommand.Create(),
    ControlCommands.Drain(),
    ControlCommands.Stop(),
    ControlCommands.Reload(),
    ControlCommands.Upgrade(),
    ControlCommands.Resize(),
};
return await CommandLine.RunAsync(root, "trainyard-server", args).ConfigureAwait(false);
