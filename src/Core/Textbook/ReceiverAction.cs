namespace Trainyard.Core.Textbook;

/// <summary>What one call of <see cref="ReceiverMachine.Read"/> found.</summary>
public enum ReceiverAction
{
    /// <summary>Nothing to act on: more bytes are needed. A data train's header may have been consumed.</summary>
    NeedMore,

    /// <summary>The name is known.</summary>
    Named,

    /// <summary>The size is known.</summary>
    Sized,

    /// <summary>File bytes: store them.</summary>
    Data,

    /// <summary>The file is whole.</summary>
    Finished,

    /// <summary>There will be no whole file; the state's error says why.</summary>
    Refused,
}
