using System.Buffers.Binary;
using System.Net;
using Trainyard.Core.Pool;

namespace Trainyard.Shell.Master;

/// <summary>From the kernel's addresses to the pool's keys.</summary>
internal static class PeerKeys
{
    /// <summary>Whom a connection counts for; nobody where it has no address.</summary>
    public static PeerKey Of(IPEndPoint? peer)
    {
        Span<byte> bytes = stackalloc byte[16];
        return peer is null || !peer.Address.TryWriteBytes(bytes, out var length) ? PeerKey.None
            : length == 4 ? PeerKey.OfIPv4(BinaryPrimitives.ReadUInt32BigEndian(bytes))
            : PeerKey.OfIPv6(BinaryPrimitives.ReadUInt128BigEndian(bytes));
    }
}
