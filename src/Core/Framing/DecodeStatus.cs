namespace Trainyard.Core.Framing;

/// <summary>How far a decoder came.</summary>
public enum DecodeStatus
{
    /// <summary>One whole item was decoded.</summary>
    Done,

    /// <summary>The input ends before the item does; try again with more of it.</summary>
    NeedMore,

    /// <summary>The input is not acceptable, whatever follows.</summary>
    Refused,
}
