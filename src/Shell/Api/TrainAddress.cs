using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Trainyard.Shell;

/// <summary>Where a server is, and a path at it.</summary>
/// <remarks>
/// <para><c>train://host[:port][/path]</c>: a name, an IPv4 address, or an IPv6 address in brackets; port 5678 unless given.</para>
/// <para><c>train+unix:///run/yard.sock[?path=a/b]</c>: a Unix socket, by its absolute path, and the path at the server.</para>
/// <para>
/// Paths are percent-encoded bytes (RFC 3986, section 2.1); <c>?</c> and <c>#</c> behind a host need no encoding, and a character beyond
/// ASCII stands for its UTF-8. A <c>/</c> at the end says that a directory is meant and is no part of the path. Equal by value. Thread-safe.
/// </para>
/// </remarks>
public sealed record TrainAddress
{
    /// <summary>The port where none is given.</summary>
    public const int DefaultPort = 5678;

    internal const string TcpScheme = "train://";
    internal const string UnixScheme = "train+unix://";
    internal const string UnixPathKey = "?path=";

    private readonly bool _endsInSlash;

    internal TrainAddress(string host, int port, string? unixSocket, TrainPath path, bool isDirectory)
    {
        Host = host;
        Port = port;
        UnixSocket = unixSocket;
        Path = path;
        _endsInSlash = isDirectory;
    }

    /// <summary>The server's name or IP address, without brackets; empty for a Unix socket.</summary>
    public string Host { get; }

    /// <summary>The port, <c>1 ..= 65535</c>; 0 for a Unix socket.</summary>
    public int Port { get; }

    /// <summary>The absolute path of a Unix socket; <c>null</c> for TCP.</summary>
    public string? UnixSocket { get; }

    /// <summary>The path at the server; the root where none is given.</summary>
    public TrainPath Path { get; init; }

    /// <summary>Whether the path was written with a <c>/</c> at its end; always so for the root.</summary>
    public bool IsDirectory => _endsInSlash || Path.IsRoot;

    /// <summary>Where to connect: an <see cref="IPEndPoint"/>, a <see cref="DnsEndPoint"/> or a <see cref="UnixDomainSocketEndPoint"/>.</summary>
    public EndPoint EndPoint =>
        UnixSocket is not null ? new UnixDomainSocketEndPoint(UnixSocket)
        : IPAddress.TryParse(Host, out var address) ? new IPEndPoint(address, Port)
        : new DnsEndPoint(Host, Port);

    /// <summary>The server without the path, safe to print.</summary>
    public string Server =>
        UnixSocket is { } socket ? UnixScheme + TrainAddressText.Escape(Encoding.UTF8.GetBytes(socket))
        : string.Create(CultureInfo.InvariantCulture, $"{TcpScheme}{(Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host)}:{Port}");

    /// <summary>The address of a TCP server.</summary>
    /// <param name="endPoint">Where it listens.</param>
    /// <param name="path">The path at it.</param>
    public static TrainAddress Of(IPEndPoint endPoint, TrainPath path = default)
    {
        ArgumentNullException.ThrowIfNull(endPoint);
        return new(endPoint.Address.ToString(), endPoint.Port, null, path, isDirectory: false);
    }

    /// <summary>Another path at the same server.</summary>
    public TrainAddress At(TrainPath path) => new(Host, Port, UnixSocket, path, isDirectory: false);

    /// <summary>Reads an address.</summary>
    /// <exception cref="FormatException">It is none; the message says why.</exception>
    public static TrainAddress Parse(string text) =>
        TrainAddressText.Read(text, out var why) ?? throw new FormatException(why);

    /// <summary>Reads an address, if it is one.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out TrainAddress? address)
    {
        address = text is null ? null : TrainAddressText.Read(text, out _);
        return address is not null;
    }

    /// <summary>The address in ASCII, as <see cref="Parse"/> reads it.</summary>
    public override string ToString()
    {
        var path = TrainAddressText.Escape(Path.Bytes) + (IsDirectory && !Path.IsRoot ? "/" : "");
        return UnixSocket is null ? $"{Server}/{path}" : path.Length == 0 ? Server : Server + UnixPathKey + path;
    }
}
