namespace Trainyard.Core.Lane;

/// <summary>How a connection ended, as its worker saw it.</summary>
public enum ConnectionEnd : byte
{
    /// <summary>Everything was queued, and the stream was closed in order.</summary>
    Completed,

    /// <summary>The peer closed or reset the connection before the end.</summary>
    PeerGone,

    /// <summary>The peer took nothing for longer than the no-progress limit.</summary>
    Stalled,

    /// <summary>The file could not be opened.</summary>
    FileUnavailable,

    /// <summary>The file became shorter while it was sent.</summary>
    FileShrank,

    /// <summary>The file changed while it was sent.</summary>
    FileChanged,

    /// <summary>Reading the file failed.</summary>
    ReadFailed,

    /// <summary>The peer broke the protocol.</summary>
    ProtocolBroken,

    /// <summary>The service failed in a way that it should not.</summary>
    Faulted,

    /// <summary>No thread of the worker took it, so that nothing was sent or read: the master still has its farewell to say.</summary>
    NotServed,
}
