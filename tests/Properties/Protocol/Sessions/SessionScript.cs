using Trainyard.Core.Protocol;

namespace Trainyard.Properties.Protocol.Sessions;

/// <summary>One request and how both sides behave about it.</summary>
/// <param name="Request">What is asked.</param>
/// <param name="Content">The file of an upload.</param>
/// <param name="Stored">Bytes of it that the server has from an earlier attempt.</param>
/// <param name="RefuseAt">
/// The server refuses: an upload before GO (-1) or after so many bytes, a download instead of META (-1) or after so many trains, anything else at once.
/// </param>
/// <param name="GiveUpAt">The client gives the upload up after so many bytes.</param>
/// <param name="EndsPolitely">Whether the client sends a refused upload to its end.</param>
/// <param name="WrongDigest">Whether the client announces another digest than the upload has.</param>
public sealed record SessionTask(
    Message Request, byte[] Content, int Stored = 0, int? RefuseAt = null, int? GiveUpAt = null, bool EndsPolitely = false, bool WrongDigest = false)
{
    public override string ToString() =>
        $"{Request} [{Content.Length} bytes, stored {Stored}, refused at {RefuseAt}, given up at {GiveUpAt}, polite {EndsPolitely}, wrong digest {WrongDigest}]";
}

/// <summary>All that decides how a session goes.</summary>
/// <param name="Tasks">What is asked, in order.</param>
/// <param name="Client">What the client is willing to receive.</param>
/// <param name="Server">What the server is willing to receive.</param>
/// <param name="Hashes">The client's algorithms.</param>
/// <param name="Ahead">How many requests the client sends ahead, if the server allows it.</param>
/// <param name="TrainSize">Bytes of a data train, where the receiver allows it.</param>
/// <param name="Capacities">Bytes that fit into the connection, to the server and to the client.</param>
/// <param name="Turns">Who moves next and how many bytes: the client if positive, the server if negative; over and over.</param>
/// <param name="MovesPast">Whether file bytes are moved past <c>Read</c>.</param>
public sealed record SessionScript(
    SessionTask[] Tasks, SessionLimits Client, SessionLimits Server, HashAlgorithm[] Hashes, int Ahead, int TrainSize, (int ToServer, int ToClient) Capacities,
    int[] Turns, bool MovesPast)
{
    public override string ToString() =>
        $"""
        client {Client}, server {Server}, hashes {string.Join(' ', Hashes)}, {Ahead} ahead, trains of {TrainSize}, pipes {Capacities},
        turns [{string.Join(", ", Turns)}], moves past {MovesPast}
        {string.Join('\n', Tasks.AsEnumerable())}
        """;
}
