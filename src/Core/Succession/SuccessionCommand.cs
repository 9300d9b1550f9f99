namespace Trainyard.Core.Succession;

/// <summary>What a new master has to do.</summary>
public enum SuccessionCommand
{
    /// <summary>Begin to accept from the listeners.</summary>
    BeginAccepting,

    /// <summary>Say <see cref="SuccessionMessage.Ready"/>.</summary>
    SayReady,

    /// <summary>Say <see cref="SuccessionMessage.Failed"/>.</summary>
    SayFailed,

    /// <summary>Be the service: tell the service manager, open what only one master can have open.</summary>
    Lead,
}
