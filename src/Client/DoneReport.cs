using Trainyard.Shell;

namespace Trainyard.Client;

/// <summary>Says what a command has changed at a server, or would change.</summary>
internal sealed class DoneReport(Report report, bool isDryRun)
{
    /// <summary>Whether nothing is changed.</summary>
    public bool IsDryRun => isDryRun;

    /// <summary>One change.</summary>
    /// <param name="verb">The command's name.</param>
    /// <param name="server">Where.</param>
    /// <param name="path">What was changed.</param>
    /// <param name="to">Its new path, if it has one; the root is none.</param>
    public void Print(string verb, TrainAddress server, TrainPath path, TrainPath to = default)
    {
        var second = to.IsRoot ? "" : $" -> {to.Display}";
        if (report.IsJson)
            report.Json(writer =>
            {
                writer.WriteString("type", verb);
                if (isDryRun)
                    writer.WriteBoolean("dry_run", true);
                JsonLine.WritePath(writer, server, path);
                if (!to.IsRoot)
                    writer.WriteString("to", server.At(to).ToString());
            });
        else if (isDryRun)
            report.Line($"would {verb} {path.Display}{second}");
        else
            report.Note($"{verb} {path.Display}{second}");
    }
}
