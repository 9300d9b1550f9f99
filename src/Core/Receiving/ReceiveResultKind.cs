namespace Trainyard.Core.Receiving;

/// <summary>The kinds of <see cref="ReceiveResult"/>.</summary>
public enum ReceiveResultKind
{
    /// <summary>Nothing is there yet.</summary>
    WouldBlock,

    /// <summary>Bytes came.</summary>
    Bytes,

    /// <summary>A signal came first.</summary>
    Interrupted,

    /// <summary>The peer has closed its sending side.</summary>
    EndOfStream,

    /// <summary>The call failed.</summary>
    Failed,
}
