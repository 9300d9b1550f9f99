namespace Trainyard.Core.Framing;

/// <summary>What a train carries: the high byte of its header. The numbers are the wire's and never change.</summary>
/// <remarks>
/// Open: a number without a name here still decodes, and the session above decides what to do with it.
/// Control trains carry a CBOR map with small integer keys.
/// </remarks>
public enum TrainKind : byte
{
    /// <summary>File bytes. The only kind of the textbook dialects, where an empty one ends the file.</summary>
    Data = 0,

    /// <summary>Opens a session, in both directions: versions, limits, hash algorithms.</summary>
    Hello = 1,

    /// <summary>A request failed: code, message, whether and when to try again.</summary>
    Error = 2,

    /// <summary>Asks whether the peer is there.</summary>
    Ping = 3,

    /// <summary>Asks for the server's state.</summary>
    Status = 4,

    /// <summary>The one answer to a request that is not answered by a stream.</summary>
    Answer = 5,

    /// <summary>Asks for a file or a range of one.</summary>
    Get = 16,

    /// <summary>Opens the answer to <see cref="Get"/>: size, times, mode, identity, train size.</summary>
    Meta = 17,

    /// <summary>Ends a stream: total and hash. A stream that ends without it is truncated.</summary>
    Fin = 18,

    /// <summary>Asks for the entries of a directory.</summary>
    List = 19,

    /// <summary>A batch of directory entries.</summary>
    Entry = 20,

    /// <summary>Asks for size, times, mode and identity of a file.</summary>
    Stat = 21,

    /// <summary>Asks for the hash of a file.</summary>
    Hash = 22,

    /// <summary>Offers a file to be stored.</summary>
    Put = 32,

    /// <summary>Answers <see cref="Put"/>: from which offset to send, and the token to resume with.</summary>
    Go = 33,

    /// <summary>The file offered by <see cref="Put"/> is stored durably.</summary>
    Committed = 34,

    /// <summary>Asks to make a directory.</summary>
    MakeDirectory = 35,

    /// <summary>Asks to rename a file or directory.</summary>
    Move = 36,

    /// <summary>Asks to remove a file or an empty directory.</summary>
    Remove = 37,

    /// <summary>Asks to make a symbolic link.</summary>
    MakeLink = 38,

    /// <summary>Asks to change the times or the mode of what is there.</summary>
    SetAttributes = 39,
}
