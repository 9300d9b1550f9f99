using Trainyard.Core.Lane;
using Trainyard.Shell.Linux;

namespace Trainyard.Shell.Lanes;

/// <summary>What was found on a lane.</summary>
internal abstract record LaneReceipt
{
    private LaneReceipt() { }

    /// <summary>A message, and the descriptor that came with it; whoever takes the receipt owns that.</summary>
    public sealed record Message(LaneMessage Content, Descriptor? Descriptor) : LaneReceipt;

    /// <summary>Nothing at the moment.</summary>
    public sealed record Empty : LaneReceipt;

    /// <summary>The other end is closed.</summary>
    public sealed record Closed : LaneReceipt;

    /// <summary>Something that is not a message of ours.</summary>
    public sealed record Broken(LaneError Error) : LaneReceipt;
}
