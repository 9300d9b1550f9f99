namespace Trainyard.Cli;

/// <summary>Ctrl-C came at a moment about which there is more to say than that it came.</summary>
internal sealed class InterruptedException(string message) : OperationCanceledException(message);
