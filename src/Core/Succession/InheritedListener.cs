namespace Trainyard.Core.Succession;

/// <summary>A listener that a master passes on.</summary>
/// <param name="Address">
/// The path of a Unix socket where it is the service's own, which whoever serves last removes; else the address as people write it, which is for
/// logs: the socket knows it itself.
/// </param>
/// <param name="IsOwnPath">Whether it is such a path.</param>
public readonly record struct InheritedListener(string Address, bool IsOwnPath);
