namespace Trainyard.Core.Protocol;

/// <summary>What a call of <see cref="ClientSession.Read"/> found.</summary>
public enum ClientAction
{
    /// <summary>The input ends within an item: call again with more behind it.</summary>
    NeedMore,

    /// <summary>The server's hello, now in the state: requests may be sent.</summary>
    Hello,

    /// <summary>The description of the file asked for, in <see cref="ClientStep.Message"/>.</summary>
    Meta,

    /// <summary>Bytes of the file asked for.</summary>
    Data,

    /// <summary>The end of the file asked for. Give the digest of what came to <see cref="ClientSession.Verify"/>: only that makes a file of it.</summary>
    Fin,

    /// <summary>A part of the answer that is not its end, in <see cref="ClientStep.Message"/>: GO of an upload, some entries of a list.</summary>
    Part,

    /// <summary>The end of the answer, in <see cref="ClientStep.Message"/>.</summary>
    Answer,

    /// <summary>The request failed, in <see cref="ClientStep.Message"/>; the session goes on.</summary>
    Refused,

    /// <summary>The session is over: see the state.</summary>
    Ended,
}
