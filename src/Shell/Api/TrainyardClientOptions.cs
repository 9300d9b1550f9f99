namespace Trainyard.Shell;

/// <summary>How a <see cref="TrainyardClient"/> behaves towards its server.</summary>
public sealed record TrainyardClientOptions
{
    /// <summary>The longest time that connecting and saying hello may take, each.</summary>
    public TimeSpan ConnectLimit { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The longest time in which nothing moves; <c>null</c> waits without limit. Queueing at a busy server counts as well.</summary>
    public TimeSpan? NoProgressLimit { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How often in a row a failure that may pass is tried again; any progress starts the count anew.</summary>
    public int Retries { get; init; } = 5;

    /// <summary>The wait before the first retry; it doubles each time up to <see cref="LongestDelay"/>, less up to half of it at random.</summary>
    public TimeSpan FirstDelay { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>The longest wait before a retry. One that the server asks for is kept in any case.</summary>
    public TimeSpan LongestDelay { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The most bytes a second that all transfers of the client receive and send together; <c>null</c> is no limit.</summary>
    public long? BytesPerSecond { get; init; }

    /// <summary>How digests are computed unless a call says otherwise.</summary>
    public DigestAlgorithm Digest { get; init; } = DigestAlgorithm.Xxh128;

    /// <summary>What the server asks for at hello, at most 4096 bytes; empty for none.</summary>
    public ReadOnlyMemory<byte> Credential { get; init; }

    /// <summary>
    /// Where tokens of uploads that broke off are kept; <c>null</c> is <c>$XDG_STATE_HOME/trainyard</c>, or <c>~/.local/state/trainyard</c>.
    /// </summary>
    public string? StateDirectory { get; init; }
}
