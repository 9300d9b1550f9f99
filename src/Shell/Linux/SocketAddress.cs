using System.Buffers.Binary;
using System.Net;
using System.Runtime.InteropServices;

namespace Trainyard.Shell.Linux;

/// <summary>struct sockaddr_in and sockaddr_in6 (ip(7), ipv6(7)) as bytes, to and from <see cref="IPEndPoint"/>.</summary>
internal static class SocketAddress
{
    /// <summary>Room for an address of any family (sizeof(struct sockaddr_storage)), in bytes.</summary>
    internal const int MaximumSize = 128;

    internal const ushort FamilyIPv4 = 2;
    internal const ushort FamilyIPv6 = 10;
    internal const int SizeIPv4 = 16;
    internal const int SizeIPv6 = 28;
    internal const int PortOffset = 2;
    internal const int AddressOffsetIPv4 = 4;
    internal const int AddressOffsetIPv6 = 8;
    internal const int ScopeOffsetIPv6 = 24;

    /// <summary>The family number of an end point.</summary>
    internal static ushort FamilyOf(IPEndPoint endPoint) =>
        endPoint.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? FamilyIPv6 : FamilyIPv4;

    /// <summary>Writes an address.</summary>
    /// <param name="endPoint">Address and port.</param>
    /// <param name="destination">At least <see cref="MaximumSize"/> bytes.</param>
    /// <returns>How many bytes the address takes.</returns>
    internal static int Write(IPEndPoint endPoint, Span<byte> destination)
    {
        destination.Clear();
        var family = FamilyOf(endPoint);
        MemoryMarshal.Write(destination, family);
        BinaryPrimitives.WriteUInt16BigEndian(destination[PortOffset..], (ushort)endPoint.Port);
        if (family == FamilyIPv4)
        {
            endPoint.Address.TryWriteBytes(destination[AddressOffsetIPv4..], out _);
            return SizeIPv4;
        }
        endPoint.Address.TryWriteBytes(destination[AddressOffsetIPv6..], out _);
        MemoryMarshal.Write(destination[ScopeOffsetIPv6..], (uint)endPoint.Address.ScopeId);
        return SizeIPv6;
    }

    /// <summary>Reads an address that the kernel wrote.</summary>
    /// <param name="source">The bytes that the kernel says it wrote.</param>
    /// <returns>The end point; null when it is not an IP address (a Unix socket).</returns>
    internal static IPEndPoint? Read(ReadOnlySpan<byte> source)
    {
        if (source.Length < SizeIPv4)
            return null;
        var port = BinaryPrimitives.ReadUInt16BigEndian(source[PortOffset..]);
        return MemoryMarshal.Read<ushort>(source) switch
        {
            FamilyIPv4 => new(new IPAddress(source.Slice(AddressOffsetIPv4, 4)), port),
            FamilyIPv6 when source.Length >= SizeIPv6 =>
                new(new IPAddress(source.Slice(AddressOffsetIPv6, 16), MemoryMarshal.Read<uint>(source[ScopeOffsetIPv6..])), port),
            _ => null,
        };
    }
}
