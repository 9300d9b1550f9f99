using System.Net;
using System.Net.Sockets;

namespace Trainyard.Shell.Diagnostics;

/// <summary>Addresses as people read them.</summary>
internal static class EndPointText
{
    /// <summary>What stands before the path of a Unix socket.</summary>
    public const string UnixPrefix = "unix:";

    /// <summary><c>127.0.0.1:5678</c>, <c>[::1]:5678</c>, <c>unix:/run/trainyard.sock</c>; <c>unix:@name</c> for an abstract one.</summary>
    public static string Of(EndPoint endPoint) =>
        endPoint is UnixDomainSocketEndPoint ? UnixPrefix + endPoint : endPoint.ToString() ?? "";
}
