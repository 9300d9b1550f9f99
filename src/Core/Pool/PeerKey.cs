using System.Globalization;

namespace Trainyard.Core.Pool;

/// <summary>Whom a connection counts for where connections are limited by address: an IPv4 address, an IPv6 /64 prefix, or nobody.</summary>
/// <remarks>
/// A host with IPv6 is given a whole /64 (RFC 4291), so a limit by single addresses would be none. An IPv4-mapped IPv6 address,
/// as a dual-stack listener tells it, counts as the IPv4 address that it is. A value without identity; thread-safe.
/// </remarks>
public readonly record struct PeerKey
{
    private const uint MappedMark = 0xFFFF;

    private PeerKey(UInt128 value) => Value = value;

    /// <summary>Nobody: never limited. For peers without an address, such as those of a Unix socket.</summary>
    public static PeerKey None => default;

    /// <summary>The key as a number; 0 for <see cref="None"/>. Only good for comparing.</summary>
    public UInt128 Value { get; }

    /// <summary>The key of an IPv4 address.</summary>
    /// <param name="address">The address as a number: 127.0.0.1 is <c>0x7F000001</c>.</param>
    public static PeerKey OfIPv4(uint address) => new(((UInt128)MappedMark << 32) | address);

    /// <summary>The key of an IPv6 address: its first 64 bits.</summary>
    /// <param name="address">The address as a number: <c>::1</c> is 1.</param>
    public static PeerKey OfIPv6(UInt128 address) =>
        address >> 32 == MappedMark ? OfIPv4((uint)address)
        // The lowest bit keeps the prefix of ::1 apart from None.
        : new(((address >> 64) << 64) | 1);

    /// <summary>The address or the prefix, in a form that is fit to log.</summary>
    public override string ToString()
    {
        if (this == None)
            return "none";
        if (Value >> 32 == MappedMark)
            return string.Create(CultureInfo.InvariantCulture, $"{(byte)(Value >> 24)}.{(byte)(Value >> 16)}.{(byte)(Value >> 8)}.{(byte)Value}");
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{(ushort)(Value >> 112):x}:{(ushort)(Value >> 96):x}:{(ushort)(Value >> 80):x}:{(ushort)(Value >> 64):x}::/64");
    }
}
