using System.Net;
using System.Net.Sockets;
using Trainyard.Cli;
using Trainyard.Shell;

namespace Trainyard.Server;

/// <summary>Addresses to listen on as people write them.</summary>
internal static class ListenAddress
{
    private const string UnixPrefix = "unix:";

    /// <summary>Reads <c>ADDRESS:PORT</c>, <c>[IPV6]:PORT</c>, an address alone, or <c>unix:PATH</c>.</summary>
    /// <exception cref="UsageException">It is none of them.</exception>
    public static EndPoint Parse(string text)
    {
        if (text.StartsWith(UnixPrefix, StringComparison.Ordinal))
            return text.Length > UnixPrefix.Length
                ? new UnixDomainSocketEndPoint(Path.GetFullPath(text[UnixPrefix.Length..]))
                : throw new UsageException("unix: needs a path behind it");
        if (IPAddress.TryParse(text, out var alone))
            return new IPEndPoint(alone, TrainyardServerOptions.DefaultPort);
        if (IPEndPoint.TryParse(text, out var both) && text.Contains(':', StringComparison.Ordinal))
            return both;
        var colon = text.LastIndexOf(':');
        if (colon < 0)
            return Choices.EndPointOf(text, TrainyardServerOptions.DefaultPort);
        return ushort.TryParse(text[(colon + 1)..], out var port)
            ? Choices.EndPointOf(text[..colon], port)
            : throw new UsageException($"--listen takes ADDRESS:PORT, [IPV6]:PORT, ADDRESS or unix:PATH, not '{text}'");
    }

    /// <summary>An address in the same form.</summary>
    public static string Text(EndPoint endPoint) => endPoint is UnixDomainSocketEndPoint unix ? $"{UnixPrefix}{unix}" : $"{endPoint}";

    /// <summary>What a client on this machine calls it.</summary>
    public static string Url(EndPoint endPoint) =>
        endPoint switch
        {
            UnixDomainSocketEndPoint unix => $"train+unix://{unix}",
            IPEndPoint ip when ip.Address.Equals(IPAddress.Any) => $"train://{IPAddress.Loopback}:{ip.Port}/",
            IPEndPoint ip when ip.Address.Equals(IPAddress.IPv6Any) => $"train://[{IPAddress.IPv6Loopback}]:{ip.Port}/",
            _ => $"train://{endPoint}/",
        };
}
