namespace Trainyard.Core.Protocol;

/// <summary>The two sides of a session.</summary>
public enum Side
{
    /// <summary>Connects, speaks first, asks.</summary>
    Client,

    /// <summary>Listens, answers.</summary>
    Server,
}
