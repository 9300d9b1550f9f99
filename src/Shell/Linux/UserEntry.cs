namespace Trainyard.Shell.Linux;

/// <summary>A user as the machine's user database knows it (passwd(5)).</summary>
internal sealed record UserEntry(string Name, uint User, uint Group);
