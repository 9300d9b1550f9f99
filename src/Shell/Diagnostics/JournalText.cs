using Trainyard.Core.Custody;

namespace Trainyard.Shell.Diagnostics;

/// <summary>What a journal says, in words for a log line.</summary>
internal static class JournalText
{
    /// <summary>What is under way on a connection.</summary>
    public static string Subject(JournalEntry? entry) =>
        entry switch
        {
            { Answers: [JournalAnswer.File file, ..] } => file.Path.Display,
            { Answers: [JournalAnswer.Textbook textbook, ..] } => textbook.Name.Display,
            { Session.Intake: JournalIntake.Upload upload } => upload.Request.Path.Display,
            _ => "a request that was not answered",
        };
}
