using System.Net;
using Trainyard.Core.Textbook;

namespace Trainyard.Shell;

/// <summary>Where a <see cref="TextbookClient"/> gets its file from, and where it puts it.</summary>
public sealed record TextbookClientOptions
{
    /// <summary>The server's address.</summary>
    public required IPEndPoint Server { get; init; }

    /// <summary>The dialect that the server speaks.</summary>
    public Dialect Dialect { get; init; } = Dialect.Trains;

    /// <summary>The directory that gets the file, under the name that the server sends; it must exist.</summary>
    public string Directory { get; init; } = ".";

    /// <summary>How the bytes move into the file.</summary>
    public ReceiveStrategy Receive { get; init; } = ReceiveStrategy.Copy;

    /// <summary>The digest to compute while receiving; <c>null</c> computes none.</summary>
    public DigestAlgorithm? Digest { get; init; } = DigestAlgorithm.Md5;

    /// <summary>The longest time that connecting may take.</summary>
    public TimeSpan ConnectLimit { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The longest time without a byte from the server; <c>null</c> waits without limit, as one who may have to queue does.</summary>
    public TimeSpan? NoProgressLimit { get; init; }
}
