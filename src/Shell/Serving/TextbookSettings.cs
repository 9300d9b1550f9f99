using System.Buffers.Binary;
using System.Text;
using Trainyard.Core.Lane;
using Trainyard.Core.Textbook;

namespace Trainyard.Shell.Serving;

/// <summary>What a master tells its workers of the textbook service: dialect (1 byte), strategy (1), no-progress limit in ticks (8), path.</summary>
/// <param name="Dialect">The wire dialect.</param>
/// <param name="Send">How the file's bytes move; never <see cref="SendStrategy.Auto"/>.</param>
/// <param name="NoProgressLimit">The longest standstill of a client; <c>null</c> is any.</param>
/// <param name="Path">The file's absolute path; empty for echo.</param>
internal sealed record TextbookSettings(Dialect Dialect, SendStrategy Send, TimeSpan? NoProgressLimit, string Path)
{
    private const int PathOffset = 10;
    private const long NoLimit = -1;

    /// <summary>As the lane carries it.</summary>
    public Settings Encode()
    {
        var bytes = new byte[PathOffset + Encoding.UTF8.GetByteCount(Path)];
        bytes[0] = (byte)Dialect;
        bytes[1] = (byte)Send;
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(2), NoProgressLimit?.Ticks ?? NoLimit);
        Encoding.UTF8.GetBytes(Path, bytes.AsSpan(PathOffset));
        return new Settings(bytes);
    }

    /// <summary>As it came from the lane; <c>null</c> where it is no such thing.</summary>
    public static TextbookSettings? Decode(Settings settings)
    {
        var bytes = settings.Bytes.Span;
        if (bytes.Length < PathOffset || !Enum.IsDefined((Dialect)bytes[0]) || !Enum.IsDefined((SendStrategy)bytes[1]))
            return null;
        var ticks = BinaryPrimitives.ReadInt64LittleEndian(bytes[2..]);
        return new(
            (Dialect)bytes[0],
            (SendStrategy)bytes[1],
            ticks < 0 ? null : TimeSpan.FromTicks(ticks),
            Encoding.UTF8.GetString(bytes[PathOffset..]));
    }
}
