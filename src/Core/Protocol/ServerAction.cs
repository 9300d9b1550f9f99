namespace Trainyard.Core.Protocol;

/// <summary>What a call of <see cref="ServerSession.Read"/> found.</summary>
public enum ServerAction
{
    /// <summary>The input ends within an item: call again with more behind it.</summary>
    NeedMore,

    /// <summary>A request is being answered: nothing is read until then.</summary>
    Busy,

    /// <summary>The client's hello: send <see cref="ServerSessionState.Greeting"/>.</summary>
    Hello,

    /// <summary>A request, now in the state.</summary>
    Request,

    /// <summary>Bytes of the file being uploaded.</summary>
    Data,

    /// <summary>The end of the upload, now in the state: store the file if total and digest agree.</summary>
    Fin,

    /// <summary>
    /// The client gives the upload up. Answer with ERROR (<see cref="ErrorCode.Interrupted"/>) and report <see cref="ServerSession.Refused"/>: each
    /// request has one last answer, or a client that gives up while ERROR is on its way could not tell whose it is.
    /// </summary>
    GivenUp,

    /// <summary>Bytes of an upload that was refused: step over them.</summary>
    Skipped,

    /// <summary>The session is over: see the state.</summary>
    Ended,
}
