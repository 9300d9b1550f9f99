namespace Trainyard.Shell.Linux;

/// <summary>As whom a process runs (credentials(7)).</summary>
/// <param name="Users">Real, effective and saved user.</param>
/// <param name="Groups">Real, effective and saved group.</param>
/// <param name="Supplementary">The further groups, in the kernel's order.</param>
internal sealed record Credentials(uint[] Users, uint[] Groups, uint[] Supplementary)
{
    /// <summary>Whether that is exactly this user with exactly these groups.</summary>
    internal bool Are(uint user, uint group, IEnumerable<uint> groups) =>
        Users.All(id => id == user) && Groups.All(id => id == group) && Supplementary.ToHashSet().SetEquals(groups);
}
