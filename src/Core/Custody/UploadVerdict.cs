namespace Trainyard.Core.Custody;

/// <summary>How to go on with an upload whose worker is gone.</summary>
public enum UploadVerdict
{
    /// <summary>Take the rest of it, or commit it where its end has come.</summary>
    GoOn,

    /// <summary>It was committed and only the answer is missing: say COMMITTED.</summary>
    SayCommitted,

    /// <summary>
    /// What came of it is lost: say ERROR (<see cref="Protocol.ErrorCode.Interrupted"/>, to be repeated) and step over what still comes. The client
    /// begins it anew in the same session.
    /// </summary>
    SayError,
}
