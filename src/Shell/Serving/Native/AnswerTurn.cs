namespace Trainyard.Shell.Serving.Native;

/// <summary>How an answer's turn ended.</summary>
internal enum AnswerTurn
{
    /// <summary>Something moved, and more can.</summary>
    Moved,

    /// <summary>The socket takes nothing at the moment.</summary>
    Blocked,

    /// <summary>Work goes on elsewhere; <see cref="NativeDriver"/> looks again in a moment.</summary>
    Working,

    /// <summary>The request is answered.</summary>
    Done,

    /// <summary>The request is answered with an error.</summary>
    Refused,

    /// <summary>The peer is gone.</summary>
    PeerGone,

    /// <summary>The answer cannot be brought to an end, not even with an error: in the middle of a train its bytes are missing.</summary>
    Broken,
}
