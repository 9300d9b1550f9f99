using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Trainyard.Shell;

/// <summary>The written form of a <see cref="TrainAddress"/>.</summary>
internal static class TrainAddressText
{
    /// <summary>Reads an address.</summary>
    /// <param name="text">What was written.</param>
    /// <param name="why">Why it is none, for people; empty where it is one.</param>
    public static TrainAddress? Read(string text, out string why)
    {
        if (text.StartsWith(TrainAddress.UnixScheme, StringComparison.OrdinalIgnoreCase))
            return Unix(text[TrainAddress.UnixScheme.Length..], out why);
        if (text.StartsWith(TrainAddress.TcpScheme, StringComparison.OrdinalIgnoreCase))
            return Tcp(text[TrainAddress.TcpScheme.Length..], out why);
        why = "an address begins with train:// or train+unix://";
        return null;
    }

    /// <summary>Bytes of a path in ASCII: unreserved characters and <c>/</c> as they are, all others as <c>%XX</c>.</summary>
    public static string Escape(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder(bytes.Length);
        foreach (var value in bytes)
        {
            if (char.IsAsciiLetterOrDigit((char)value) || value is (byte)'/' or (byte)'-' or (byte)'.' or (byte)'_' or (byte)'~')
                text.Append((char)value);
            else
                text.Append(CultureInfo.InvariantCulture, $"%{value:X2}");
        }
        return text.ToString();
    }

    private static TrainAddress? Tcp(string rest, out string why)
    {
        var slash = rest.IndexOf('/', StringComparison.Ordinal);
        var authority = slash < 0 ? rest : rest[..slash];
        var hostEnd = authority.StartsWith('[') ? authority.IndexOf(']', StringComparison.Ordinal) + 1 : authority.IndexOf(':', StringComparison.Ordinal);
        if (hostEnd < 0)
            hostEnd = authority.Length;
        var host = authority[..hostEnd];
        if (Host(host) is not { } name)
            return Refuse($"'{host}' is no host name, and no address", out why);
        var portText = authority[hostEnd..];
        var port = TrainAddress.DefaultPort;
        if (portText.Length > 0 && !(portText[0] == ':' && IsPort(portText.AsSpan(1), out port)))
            return Refuse($"'{portText.TrimStart(':')}' is no port, 1 to 65535", out why);
        return Path(slash < 0 ? "" : rest[(slash + 1)..], out var path, out var isDirectory, out why)
            ? new(name, port, null, path, isDirectory)
            : null;
    }

    private static TrainAddress? Unix(string rest, out string why)
    {
        var query = rest.IndexOf('?', StringComparison.Ordinal);
        var socket = query < 0 ? rest : rest[..query];
        if (query >= 0 && !rest.AsSpan(query).StartsWith(TrainAddress.UnixPathKey))
            return Refuse("behind the socket only ?path= may follow", out why);
        if (Unescape(socket) is not [(byte)'/', ..] bytes || bytes.Contains((byte)0) || Text(bytes) is not { } name || !Fits(name))
            return Refuse("a Unix socket is an absolute path of at most 107 bytes", out why);
        var written = query < 0 ? "" : rest[(query + TrainAddress.UnixPathKey.Length)..];
        // "/a/b" and "a/b" are the same below the root.
        return Path(written.StartsWith('/') ? written[1..] : written, out var path, out var isDirectory, out why)
            ? new("", 0, name, path, isDirectory)
            : null;
    }

    private static bool Path(string text, out TrainPath path, out bool isDirectory, out string why)
    {
        isDirectory = text.EndsWith('/');
        var bytes = Unescape(isDirectory ? text[..^1] : text);
        path = default;
        why = bytes is null ? "a '%' is not followed by two hexadecimal digits"
            : TrainPath.TryFromBytes(bytes, out path) && !(isDirectory && path.IsRoot) ? ""
            : "the path has an empty, '.', '..' or too long name, or a NUL";
        return why.Length == 0;
    }

    private static string? Host(string text)
    {
        if (text.StartsWith('['))
        {
            // A zone is written %25 in addresses of this kind (RFC 6874), and often just %.
            var inner = text.EndsWith(']') ? text[1..^1].Replace("%25", "%", StringComparison.Ordinal) : "";
            return IPAddress.TryParse(inner, out var address) && address.AddressFamily == AddressFamily.InterNetworkV6 ? address.ToString() : null;
        }
        var isName = text.Length is > 0 and <= 253 && text.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_');
        return isName ? text : null;
    }

    private static bool IsPort(ReadOnlySpan<char> text, out int port) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port) && port is > 0 and <= ushort.MaxValue;

    private static byte[]? Unescape(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var length = 0;
        for (var at = 0; at < bytes.Length; at++, length++)
        {
            if (bytes[at] != '%')
            {
                bytes[length] = bytes[at];
                continue;
            }
            if (at + 2 >= bytes.Length || !byte.TryParse(bytes.AsSpan(at + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out bytes[length]))
                return null;
            at += 2;
        }
        return bytes[..length];
    }

    // A socket's name is kept as text: one that is not UTF-8 cannot be.
    private static string? Text(byte[] bytes)
    {
        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private static bool Fits(string socket) => Encoding.UTF8.GetByteCount(socket) < Linux.Libc.UnixPathLimit;

    private static TrainAddress? Refuse(string reason, out string why)
    {
        why = reason;
        return null;
    }
}
