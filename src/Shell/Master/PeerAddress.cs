using System.Buffers.Binary;
using System.Net;

namespace Trainyard.Shell.Master;

/// <summary>A client's address without objects of its own: the master keeps one for each of its connections, and asks for few of them again.</summary>
internal readonly struct PeerAddress
{
    private const int LengthIPv6 = 16;

    // In network order; an IPv4 address stands in the first four of sixteen bytes.
    private readonly ulong _first;
    private readonly ulong _second;
    private readonly uint _scope;
    private readonly ushort _port;
    private readonly byte _length;

    /// <summary>Keeps an address.</summary>
    /// <param name="peer">The address; <c>null</c> on a Unix socket.</param>
    public PeerAddress(IPEndPoint? peer)
    {
        if (peer is null)
            return;
        Span<byte> bytes = stackalloc byte[LengthIPv6];
        bytes.Clear();
        peer.Address.TryWriteBytes(bytes, out var length);
        _first = BinaryPrimitives.ReadUInt64BigEndian(bytes);
        _second = BinaryPrimitives.ReadUInt64BigEndian(bytes[sizeof(ulong)..]);
        _scope = length == LengthIPv6 ? (uint)peer.Address.ScopeId : 0;
        _port = (ushort)peer.Port;
        _length = (byte)length;
    }

    /// <summary>Whether there is one.</summary>
    public bool IsKnown => _length > 0;

    /// <summary>The address that was kept; <c>null</c> on a Unix socket.</summary>
    public IPEndPoint? ToEndPoint()
    {
        if (!IsKnown)
            return null;
        Span<byte> bytes = stackalloc byte[LengthIPv6];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, _first);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[sizeof(ulong)..], _second);
        return new(_length == LengthIPv6 ? new IPAddress(bytes, _scope) : new IPAddress(bytes[.._length]), _port);
    }
}
