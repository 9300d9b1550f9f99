using LanguageExt;

namespace Trainyard.Core.Protocol;

public abstract partial record Message
{
    /// <summary>Client, first of all.</summary>
    /// <param name="LowestVersion">The oldest version of the protocol it speaks.</param>
    /// <param name="HighestVersion">The newest one.</param>
    /// <param name="Limits">What it is willing to receive.</param>
    /// <param name="Hashes">The hash algorithms it knows, the preferred one first; at least one.</param>
    /// <param name="Auth">A credential; empty for none.</param>
    public sealed record ClientHello(int LowestVersion, int HighestVersion, SessionLimits Limits, Arr<HashAlgorithm> Hashes, Opaque Auth) : Message;

    /// <summary>Client: send a file or a part of one. Answered by <see cref="Meta"/>, data, <see cref="Fin"/>.</summary>
    /// <param name="Path">Which file.</param>
    /// <param name="Range">Which bytes of it.</param>
    /// <param name="IfIdentity">Only if the file still has this identity; empty for any.</param>
    /// <param name="Algorithm">How to compute the digest; <c>null</c> for the session's way.</param>
    public sealed record Get(RemotePath Path, FileRange Range, Opaque IfIdentity, HashAlgorithm? Algorithm) : Message;

    /// <summary>Client: store a file. Answered by <see cref="Go"/>; after data and <see cref="Fin"/> by <see cref="Committed"/>.</summary>
    /// <param name="Path">Where.</param>
    /// <param name="Size">Its size in bytes; <c>null</c> while unknown.</param>
    /// <param name="Modified">Its time of modification, in nanoseconds since 1970-01-01 UTC; <c>null</c> for the time of storing.</param>
    /// <param name="Mode">Its permission bits; <c>null</c> for the server's default.</param>
    /// <param name="ResumeToken">What <see cref="Go"/> gave for an upload that broke off; empty for a new one.</param>
    /// <param name="IfIdentity">Only if the file to be replaced has this identity; empty for any.</param>
    /// <param name="NoClobber">Only if there is no such file.</param>
    /// <param name="Algorithm">How the digest in <see cref="Fin"/> is computed; <c>null</c> for the session's way.</param>
    /// <param name="Eager">
    /// The data follow at once, from the first byte, without waiting for <see cref="Go"/>: saves a small file its round trip. What was sent in vain
    /// after a refusal is skipped. Not with a resume token.
    /// </param>
    public sealed record Put(
        RemotePath Path, long? Size, long? Modified, int? Mode, Opaque ResumeToken, Opaque IfIdentity, bool NoClobber, HashAlgorithm? Algorithm,
        bool Eager) : Message;

    /// <summary>Client: name what lies in a directory. Answered by <see cref="Entries"/>, any number of them, and <see cref="Fin"/>.</summary>
    /// <param name="Path">The directory; <c>null</c> is the root.</param>
    /// <param name="Recursive">Whether to descend.</param>
    /// <param name="After">Begin behind this path in the order of the listing (by bytes, component by component); <c>null</c> for the beginning.</param>
    public sealed record List(RemotePath? Path, bool Recursive, RemotePath? After) : Message;

    /// <summary>Client: describe one entry. Answered by <see cref="StatAnswer"/>.</summary>
    /// <param name="Path">Which; <c>null</c> is the root.</param>
    public sealed record Stat(RemotePath? Path) : Message;

    /// <summary>Client: hash a file. Answered by <see cref="HashAnswer"/>.</summary>
    /// <param name="Path">Which file.</param>
    /// <param name="Range">Which bytes of it.</param>
    /// <param name="Algorithm">How; <c>null</c> for the session's way.</param>
    /// <param name="BlockSize">Bytes of a block, if each block's digest is wanted as well; 0 for none.</param>
    /// <param name="IfIdentity">Only if the file still has this identity; empty for any.</param>
    public sealed record Hash(RemotePath Path, FileRange Range, HashAlgorithm? Algorithm, int BlockSize, Opaque IfIdentity) : Message;

    /// <summary>Client: make a directory. Answered by <see cref="DoneAnswer"/>.</summary>
    /// <param name="Path">Where.</param>
    /// <param name="Mode">Its permission bits; <c>null</c> for the server's default.</param>
    /// <param name="Parents">Whether to make missing parents, and to accept a directory that is there.</param>
    public sealed record MakeDirectory(RemotePath Path, int? Mode, bool Parents) : Message;

    /// <summary>Client: rename a file or directory. Answered by <see cref="DoneAnswer"/>.</summary>
    /// <param name="From">Its path.</param>
    /// <param name="To">Its new path.</param>
    /// <param name="NoClobber">Only if nothing is there.</param>
    /// <param name="IfIdentity">Only if the file at <paramref name="From"/> has this identity; empty for any.</param>
    public sealed record Move(RemotePath From, RemotePath To, bool NoClobber, Opaque IfIdentity) : Message;

    /// <summary>Client: remove a file or an empty directory. Answered by <see cref="DoneAnswer"/>.</summary>
    /// <param name="Path">Which.</param>
    /// <param name="IfIdentity">Only if the file has this identity; empty for any.</param>
    public sealed record Remove(RemotePath Path, Opaque IfIdentity) : Message;

    /// <summary>Client: make a symbolic link. Answered by <see cref="DoneAnswer"/>.</summary>
    /// <param name="Path">Where.</param>
    /// <param name="Target">Where it leads, as it is to be written there (symlink(2)). Never empty.</param>
    /// <param name="Modified">Its time of modification, in nanoseconds since 1970-01-01 UTC; <c>null</c> for the time of making.</param>
    /// <param name="NoClobber">Only if nothing is there; else a file or link that is there is replaced.</param>
    public sealed record MakeLink(RemotePath Path, Opaque Target, long? Modified, bool NoClobber) : Message;

    /// <summary>Client: change times and mode. Answered by <see cref="DoneAnswer"/>.</summary>
    /// <param name="Path">Of what; <c>null</c> is the root.</param>
    /// <param name="Modified">The time of modification, in nanoseconds since 1970-01-01 UTC; <c>null</c> leaves it.</param>
    /// <param name="Mode">The permission bits; <c>null</c> leaves them.</param>
    public sealed record SetAttributes(RemotePath? Path, long? Modified, int? Mode) : Message;

    /// <summary>Client: are you there? Answered by <see cref="PingAnswer"/>.</summary>
    /// <param name="Payload">Comes back as it is; may be empty.</param>
    public sealed record Ping(Opaque Payload) : Message;

    /// <summary>Client: how are you? Answered by <see cref="StatusAnswer"/>.</summary>
    public sealed record Status : Message;
}
