using System.Net;

namespace Trainyard.Shell.Diagnostics;

/// <summary>A client as logs name it. Written only where a line is.</summary>
/// <param name="Address">Its address; <c>null</c> at the other end of a Unix socket.</param>
internal readonly record struct PeerName(IPEndPoint? Address)
{
    /// <summary>The address, or <c>unix</c>.</summary>
    public override string ToString() => Address?.ToString() ?? "unix";
}
