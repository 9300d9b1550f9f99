namespace Trainyard.Shell.Linux;

/// <summary>Which half of a connection shutdown(2) closes. The values are the kernel's.</summary>
public enum SocketDirection
{
    /// <summary>Nothing more is received.</summary>
    Reading = 0,

    /// <summary>Nothing more is sent: the peer reads the end of the stream after what is queued.</summary>
    Writing = 1,

    /// <summary>Both.</summary>
    Both = 2,
}
