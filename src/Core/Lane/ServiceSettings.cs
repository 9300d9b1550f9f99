using System.Text;

namespace Trainyard.Core.Lane;

/// <summary>Which service a worker is to run, and that service's own settings: name length (1 byte), name (UTF-8), settings.</summary>
/// <param name="Service">The name under which the program registered the service; at most 255 bytes of UTF-8.</param>
/// <param name="Own">Opaque to all but the service.</param>
public sealed record ServiceSettings(string Service, Settings Own)
{
    /// <summary>The longest name, in bytes.</summary>
    public const int MaximumName = byte.MaxValue;

    /// <summary>As a lane carries them; a name that is too long is cut.</summary>
    public Settings Encode()
    {
        var name = Encoding.UTF8.GetBytes(Service).AsSpan();
        name = name[..Math.Min(name.Length, MaximumName)];
        return new([(byte)name.Length, .. name, .. Own.Bytes.Span]);
    }

    /// <summary>As they came from a lane; <c>null</c> where they are no such thing.</summary>
    public static ServiceSettings? Decode(Settings settings)
    {
        var bytes = settings.Bytes.Span;
        return bytes.Length > 0 && bytes.Length > bytes[0]
            ? new(Encoding.UTF8.GetString(bytes.Slice(1, bytes[0])), new Settings(bytes[(1 + bytes[0])..]))
            : null;
    }
}
