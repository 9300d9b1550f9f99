namespace Trainyard.Core.Custody;

/// <summary>What to do with an answer that was under way.</summary>
public enum AnswerVerdict
{
    /// <summary>Send the rest of it.</summary>
    GoOn,

    /// <summary>
    /// It cannot be gone on with, and a train would begin here: say ERROR in its place (<see cref="Protocol.ErrorCode.Changed"/> for a file,
    /// <see cref="Protocol.ErrorCode.Interrupted"/> for what cannot be repeated), after an entry that has that train. Then the session goes on.
    /// </summary>
    SayError,

    /// <summary>The upload has its name: say what is said of one that is stored, after an entry that has those trains.</summary>
    SayCommitted,

    /// <summary>It cannot be gone on with, and nothing can be said here: end the connection so that the client sees that something is missing.</summary>
    Break,
}
