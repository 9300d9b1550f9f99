namespace Trainyard.Shell;

/// <summary>An echo that came back as it was sent.</summary>
/// <param name="Bytes">Bytes in each direction.</param>
/// <param name="Elapsed">From connecting to the end.</param>
public sealed record EchoResult(long Bytes, TimeSpan Elapsed);
