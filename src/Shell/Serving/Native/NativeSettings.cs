using System.Buffers.Binary;
using System.Text;
using Trainyard.Core.Lane;
using Trainyard.Core.Protocol;

namespace Trainyard.Shell.Serving.Native;

/// <summary>What a master tells its workers of the native service: read-only (1 byte), four time limits in ticks (8 each), path.</summary>
/// <param name="Root">The absolute path of the served directory.</param>
/// <param name="ReadOnly">Whether nothing may be changed.</param>
/// <param name="Timeouts">How long it waits for its clients.</param>
internal sealed record NativeSettings(string Root, bool ReadOnly, SessionTimeouts Timeouts)
{
    private const int RootOffset = 1 + 4 * sizeof(long);
    private const long NoLimit = -1;

    /// <summary>As the lane carries it.</summary>
    public Settings Encode()
    {
        var bytes = new byte[RootOffset + Encoding.UTF8.GetByteCount(Root)];
        bytes[0] = ReadOnly ? (byte)1 : (byte)0;
        Write(bytes, 0, Timeouts.Hello);
        Write(bytes, 1, Timeouts.Request);
        Write(bytes, 2, Timeouts.Idle);
        Write(bytes, 3, Timeouts.Progress);
        Encoding.UTF8.GetBytes(Root, bytes.AsSpan(RootOffset));
        return new Settings(bytes);
    }

    /// <summary>As it came from the lane; <c>null</c> where it is no such thing.</summary>
    public static NativeSettings? Decode(Settings settings)
    {
        var bytes = settings.Bytes.Span;
        return bytes.Length <= RootOffset || bytes[0] > 1
            ? null
            : new(
                Encoding.UTF8.GetString(bytes[RootOffset..]),
                bytes[0] == 1,
                new(Read(bytes, 0), Read(bytes, 1), Read(bytes, 2), Read(bytes, 3)));
    }

    private static void Write(Span<byte> bytes, int index, TimeSpan? limit) =>
        BinaryPrimitives.WriteInt64LittleEndian(bytes[(1 + index * sizeof(long))..], limit?.Ticks ?? NoLimit);

    private static TimeSpan? Read(ReadOnlySpan<byte> bytes, int index) =>
        BinaryPrimitives.ReadInt64LittleEndian(bytes[(1 + index * sizeof(long))..]) is >= 0 and var ticks ? TimeSpan.FromTicks(ticks) : null;
}
