using System.Text;
using Trainyard.Core.Protocol;

namespace Trainyard.Micro;

/// <summary>Messages as they are usual.</summary>
internal static class Samples
{
    /// <summary>The request for a whole file.</summary>
    public static Message Get(string path) =>
        new Message.Get(
            RemotePath.Create(Encoding.UTF8.GetBytes(path)).IfLeft(static _ => throw new ArgumentException("no path", nameof(path))), default, default, null);

    /// <summary>The description of a file.</summary>
    public static Message Meta(long size) =>
        new Message.Meta(size, 1_700_000_000_000_000_000, 0x1A4, new(new byte[32]), 1024 * 1024, HashAlgorithm.Xxh128);

    /// <summary>The train of a message.</summary>
    public static byte[] Train(Message message) =>
        MessageCodec.Encode(message, SessionLimits.MostControl).IfLeft(static error => throw new ArgumentException(error.ToString()));
}
