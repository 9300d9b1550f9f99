namespace Trainyard.Shell.Worker;

/// <summary>A driver that can say which file it sends and how far it has come.</summary>
internal interface ITransferring
{
    /// <summary>
    /// The path of the file that moves, or another name for people; <c>null</c> while none does. The same object as long as it is the same file, so
    /// that asking costs nothing.
    /// </summary>
    string? Path { get; }

    /// <summary>The file's bytes; 0 before it is open, and where there is no end to know.</summary>
    long Size { get; }

    /// <summary>Those of them that the kernel has taken.</summary>
    long Offset { get; }
}
