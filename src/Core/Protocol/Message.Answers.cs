using LanguageExt;
using Trainyard.Core.Framing;

namespace Trainyard.Core.Protocol;

public abstract partial record Message
{
    /// <summary>Server, first of all.</summary>
    /// <param name="Version">The version that both sides speak from now on.</param>
    /// <param name="Limits">What it is willing to receive.</param>
    /// <param name="Algorithm">The session's hash algorithm.</param>
    /// <param name="Session">Names the session in logs; may be empty.</param>
    public sealed record ServerHello(int Version, SessionLimits Limits, HashAlgorithm Algorithm, Opaque Session) : Message;

    /// <summary>Server: opens the answer to <see cref="Get"/>.</summary>
    /// <param name="Size">The whole file's size, in bytes.</param>
    /// <param name="Modified">Its time of modification, in nanoseconds since 1970-01-01 UTC.</param>
    /// <param name="Mode">Its permission bits.</param>
    /// <param name="Identity">Its identity: another one means another content. Never empty.</param>
    /// <param name="TrainSize">Bytes of each data train but the last, which has the rest; at least 1.</param>
    /// <param name="Algorithm">How the digest in <see cref="Fin"/> is computed.</param>
    public sealed record Meta(long Size, long Modified, int Mode, Opaque Identity, int TrainSize, HashAlgorithm Algorithm) : Message;

    /// <summary>Server: send the file of <see cref="Put"/>.</summary>
    /// <param name="Offset">From which byte on: those before it are stored already.</param>
    /// <param name="Token">Resumes the upload should it break off.</param>
    /// <param name="TrainSize">Bytes of each data train but the last; at least 1.</param>
    public sealed record Go(long Offset, Opaque Token, int TrainSize) : Message;

    /// <summary>Server: the file of <see cref="Put"/> is stored durably under its name.</summary>
    /// <param name="Identity">Its identity. Never empty.</param>
    /// <param name="Digest">The digest of the whole file by the upload's algorithm.</param>
    public sealed record Committed(Opaque Identity, Opaque Digest) : Message;

    /// <summary>Server: some of what <see cref="List"/> asks for.</summary>
    /// <param name="Batch">At most as many as fit the client's limit of a control body.</param>
    public sealed record Entries(Arr<Entry> Batch) : Message;

    /// <summary>Server: the answer to <see cref="Stat"/>.</summary>
    public sealed record StatAnswer(Entry Entry) : Message;

    /// <summary>Server: the answer to <see cref="Hash"/>.</summary>
    /// <param name="Size">The whole file's size, in bytes.</param>
    /// <param name="Identity">Its identity. Never empty.</param>
    /// <param name="Algorithm">How the digests are computed.</param>
    /// <param name="Digest">The digest of the range.</param>
    /// <param name="Blocks">The digests of the range's blocks one after another, the last block possibly shorter; empty where none were wanted.</param>
    public sealed record HashAnswer(long Size, Opaque Identity, HashAlgorithm Algorithm, Opaque Digest, Opaque Blocks) : Message;

    /// <summary>Server: what was asked is done.</summary>
    /// <param name="Request">What was asked: <see cref="TrainKind.MakeDirectory"/>, <see cref="TrainKind.Move"/>, <see cref="TrainKind.Remove"/>, ...</param>
    public sealed record DoneAnswer(TrainKind Request) : Message;

    /// <summary>Server: the answer to <see cref="Ping"/>.</summary>
    public sealed record PingAnswer(Opaque Payload) : Message;

    /// <summary>Server: the answer to <see cref="Status"/>.</summary>
    public sealed record StatusAnswer(ServerStatus State) : Message;
}
