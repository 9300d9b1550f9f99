using System.CommandLine;
using Trainyard.Cli;
using Trainyard.Core.Textbook;

namespace Trainyard.Server;

/// <summary><c>trainyard-server demo</c>: a pool, a generated file, and clients that all fetch it at once and must all get the same.</summary>
internal static class DemoCommand
{
    /// <summary>The command.</summary>
    public static Command Create()
    {
        var size = Choices.Size("--size", "size of the generated file", 1L << 30);
        var workers = Choices.Number("--workers", "worker processes", 4, 1, 64);
        var clients = Choices.Number("--clients", "clients that fetch at once", 4, 1, 64);
        var dialect = Choices.OneOf<Dialect?>("--dialect", "what is spoken: the native protocol, or one of the textbook's",
            new("native", null), new("trains", Dialect.Trains), new("sized", Dialect.Sized), new("whole", Dialect.Whole));
        var directory = new Option<string>("--dir")
        {
            Description = "directory for the generated and the fetched files, which are deleted at the end",
            HelpName = "dir",
            DefaultValueFactory = _ => Path.GetTempPath(),
        };
        var kill = new Option<bool>("--kill")
        {
            Description = "meanwhile end a random worker every 50 ms with SIGKILL: no client notices, since another goes on at the same byte",
        };
        var command = new Command("demo", "Show it: generate a file, fetch it from a pool of workers by several clients at once, compare every digest.")
        {
            size, workers, clients, dialect, directory, kill,
        };
        command.SetAction((parsed, cancellation) => new Demo(
            parsed.GetValue(size), parsed.GetValue(workers), parsed.GetValue(clients),
            parsed.GetValue(dialect).Value, parsed.GetRequiredValue(directory), parsed.GetValue(kill)).RunAsync(cancellation));
        return command;
    }
}
