using System.CommandLine;
using Trainyard.Cli;
using Trainyard.Client;

var root = new RootCommand("Moves files from and to a Trainyard server (train://host/path), and fetches them from the textbook's.")
{
    GetCommand.Create(),
    PutCommand.Create(),
    LsCommand.Create(),
    StatCommand.Create(),
    HashCommand.Create(),
    RmCommand.Create(),
    MvCommand.Create(),
    MkdirCommand.Create(),
    PingCommand.Create(),
    StatusCommand.Create(),
    TextbookCommand.Create(),
};
return await CommandLine.RunAsync(root, "trainyard", args, farewell: TimeSpan.FromSeconds(20)).ConfigureAwait(false);
