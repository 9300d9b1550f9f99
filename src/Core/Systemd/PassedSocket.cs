namespace Trainyard.Core.Systemd;

/// <summary>A socket that the service manager left open for this process.</summary>
/// <param name="Number">Its descriptor, from <see cref="SystemdEnvironment.FirstSocket"/> on without a gap.</param>
/// <param name="Name">What the socket unit calls it (FileDescriptorName=); <c>unknown</c> where it says nothing.</param>
public sealed record PassedSocket(int Number, string Name);
