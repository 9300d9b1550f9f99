namespace Trainyard.Shell.Linux;

/// <summary>What a Unix socket pair carries. The values are the kernel's SOCK_ numbers.</summary>
internal enum LaneKind
{
    /// <summary>A stream of bytes, without message borders (SOCK_STREAM).</summary>
    Stream = 1,

    /// <summary>Messages that arrive whole and in order, each with its own descriptors (SOCK_SEQPACKET).</summary>
    Packets = 5,
}
