namespace Trainyard.Core.Protocol;

/// <summary>What a call of <see cref="ClientSession.Read"/> found, and the state after it.</summary>
/// <param name="State">The state after it.</param>
/// <param name="Action">What was found.</param>
/// <param name="Request">Which request it belongs to: the oldest that was not answered.</param>
/// <param name="Message">The message found, if it was one.</param>
/// <param name="Consumed">Bytes of the input used up; the next call begins after them.</param>
/// <param name="DataLength">File bytes found: the last so many of those consumed.</param>
public readonly record struct ClientStep(
    ClientSessionState State, ClientAction Action, Message? Request = null, Message? Message = null, int Consumed = 0, int DataLength = 0);
