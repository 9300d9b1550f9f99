namespace Trainyard.Core.Lane;

/// <summary>Why a worker did not take a connection.</summary>
public enum RefuseReason : byte
{
    /// <summary>All its slots are taken.</summary>
    Full,

    /// <summary>It is about to leave.</summary>
    Leaving,

    /// <summary>It holds a connection of that name already.</summary>
    Duplicate,

    /// <summary>The message came without its descriptor.</summary>
    NoDescriptor,
}
