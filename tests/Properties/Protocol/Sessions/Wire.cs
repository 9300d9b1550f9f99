using System.Buffers.Binary;
using System.IO.Hashing;
using System.Security.Cryptography;
using Trainyard.Core.Protocol;
using HashAlgorithm = Trainyard.Core.Protocol.HashAlgorithm;

namespace Trainyard.Properties.Protocol.Sessions;

/// <summary>What both models need of the wire.</summary>
internal static class Wire
{
    internal static byte[] Train(Message message, int limit = SessionLimits.MostControl) =>
        MessageCodec.Encode(message, limit).IfLeft(error => throw new ArgumentException($"{message}: {error}"));

    internal static byte[] DataTrain(ReadOnlySpan<byte> data)
    {
        var train = new byte[4 + data.Length];
        BinaryPrimitives.WriteInt32LittleEndian(train, data.Length);
        data.CopyTo(train.AsSpan(4));
        return train;
    }

    /// <summary>The digest by an algorithm; any hash of the right length will do for those the session does not compute itself.</summary>
    internal static Opaque Digest(HashAlgorithm algorithm, ReadOnlySpan<byte> bytes) =>
        new(algorithm switch
        {
            HashAlgorithm.Sha256 => SHA256.HashData(bytes),
            _ => XxHash128.Hash(bytes, seed: (long)algorithm),
        });

    /// <summary>The content's identity.</summary>
    internal static Opaque Identity(ReadOnlySpan<byte> content) => new(XxHash128.Hash(content, seed: 1));

    /// <summary>All of a message, so that two can be compared and told apart.</summary>
    internal static string Text(Message message) => $"{message} {Convert.ToHexString(Train(message))}";

    /// <summary>How a download ended.</summary>
    internal static string Text(Message.Meta meta, ReadOnlySpan<byte> content) => $"{Text(meta)} {Convert.ToHexString(content)}";

    /// <summary>A whole listing.</summary>
    internal static string Text(IEnumerable<Entry> entries) => "list " + string.Join('\n', entries.Select(static entry => Text(new Message.StatAnswer(entry))));
}
