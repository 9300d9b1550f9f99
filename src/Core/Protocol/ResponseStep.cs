namespace Trainyard.Core.Protocol;

/// <summary>What a call of <see cref="ResponseReceiver.Read"/> found, and the state after it.</summary>
/// <param name="State">The state after it.</param>
/// <param name="Action">What was found.</param>
/// <param name="Consumed">Bytes of the input used up; the next call begins after them.</param>
/// <param name="DataLength">File bytes found: the last so many of those consumed.</param>
public readonly record struct ResponseStep(ResponseState State, ResponseAction Action, int Consumed = 0, int DataLength = 0);
