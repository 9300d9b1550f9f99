namespace Trainyard.Core.Lane;

/// <summary>Why a datagram on a lane is not a message of ours. The other end's fault, usually another version of the program.</summary>
public abstract record LaneError
{
    private LaneError() { }

    /// <summary>The other end speaks another version of the lane.</summary>
    public sealed record Version(int Theirs, int Ours) : LaneError;

    /// <summary>The datagram is shorter or longer than its type says.</summary>
    public sealed record Length(int Bytes) : LaneError;

    /// <summary>No message has this type.</summary>
    public sealed record UnknownType(int Type) : LaneError;

    /// <summary>A field holds a value that it may not have.</summary>
    public sealed record Field(string Name, long Value) : LaneError;
}
