namespace Trainyard.Core.Protocol;

/// <summary>What a call of <see cref="ResponseReceiver.Read"/> found.</summary>
public enum ResponseAction
{
    /// <summary>The input ends within an item: call again with more behind it.</summary>
    NeedMore,

    /// <summary>The file's description, now in the state.</summary>
    Meta,

    /// <summary>File bytes.</summary>
    Data,

    /// <summary>The end. Give the digest of what came to <see cref="ResponseReceiver.Verify"/>: only that makes a file of it.</summary>
    Fin,

    /// <summary>All is over: see the state.</summary>
    Ended,
}
