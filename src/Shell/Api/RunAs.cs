using System.Globalization;
using Trainyard.Shell.Linux;

namespace Trainyard.Shell;

/// <summary>A user and a group to run as, once what needs privileges is done.</summary>
/// <remarks>
/// Taking them on changes the whole process, every thread of it, and cannot be undone. Workers are started afterwards and inherit them; so
/// does a successor at an upgrade, for which taking on what it already has is no change and needs no privilege.
/// </remarks>
public sealed class RunAs
{
    private readonly string _asked;
    private readonly uint _user;
    private readonly uint _group;
    private readonly uint[] _groups;

    private RunAs(string asked, uint user, uint group, uint[] groups)
    {
        _asked = asked;
        _user = user;
        _group = group;
        _groups = groups;
    }

    /// <summary>Looks user and group up.</summary>
    /// <param name="user">A name or a number; <c>null</c> keeps the user.</param>
    /// <param name="group">A name or a number; <c>null</c> is the user's own group, or keeps the group where there is no user either.</param>
    /// <returns>
    /// Whom to run as. The supplementary groups are those of the user, which a group given explicitly does not change; a number that the
    /// machine's user database does not know has none.
    /// </returns>
    /// <exception cref="TransferException">There is none of that name (<see cref="TransferFailure.Identity"/>).</exception>
    public static RunAs Find(string? user, string? group)
    {
        var current = Libc.CurrentCredentials();
        var entry = user is null ? null : EntryOf(user);
        var uid = entry?.User ?? (user is null ? current.Users[1] : NumberOf(user) ?? throw Unknown("user", user));
        var gid = group is not null ? GroupOf(group)
            : entry?.Group ?? (user is null ? current.Groups[1] : throw Failure($"user {user} is in no user database: say its group too"));
        uint[] groups = entry is not null ? Libc.GroupsOf(entry.Name, gid) : user is null ? current.Supplementary : [gid];
        if (user is null && group is not null)
            groups = [gid];
        return new(group is null ? $"user {user}" : user is null ? $"group {group}" : $"user {user}, group {group}", uid, gid, groups);
    }

    /// <summary>Takes user and groups on, for good.</summary>
    /// <exception cref="TransferException">
    /// The process may not, or could go back afterwards (<see cref="TransferFailure.Identity"/>). It must end then: it may be half changed.
    /// </exception>
    public void Apply()
    {
        if (Libc.CurrentCredentials().Are(_user, _group, _groups))
            return;
        // Groups first: without the user's privilege they could not be changed any more.
        Require(Libc.SetGroups(_groups), "its groups");
        Require(Libc.SetGroup(_group), "its group");
        Require(Libc.SetUser(_user), "its user");
        if (!Libc.CurrentCredentials().Are(_user, _group, _groups) || !EveryThreadIs(_user, _group))
            throw Failure($"cannot run as {_asked}: the kernel did not change every thread");
        if (_user != 0 && (Libc.SetUser(0) == Errno.None || _group != 0 && Libc.SetGroup(0) == Errno.None))
            throw Failure($"cannot run as {_asked}: the process could become root again");
    }

    /// <inheritdoc/>
    public override string ToString() => _asked;

    private static UserEntry? EntryOf(string user)
    {
        var (entry, error) = Libc.FindUser(user);
        if (entry is null && error == Errno.None && NumberOf(user) is { } number)
            (entry, error) = Libc.FindUser(number);
        return error == Errno.None ? entry : throw Failure($"cannot look user {user} up: {ErrnoText.Describe(error)}");
    }

    private static uint GroupOf(string group)
    {
        var (found, error) = Libc.FindGroup(group);
        return error != Errno.None ? throw Failure($"cannot look group {group} up: {ErrnoText.Describe(error)}")
            : found ?? NumberOf(group) ?? throw Unknown("group", group);
    }

    // The largest number means "leave it" to the kernel.
    private static uint? NumberOf(string text) =>
        uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number != uint.MaxValue ? number : null;

    private static bool EveryThreadIs(uint user, uint group) =>
        Directory.EnumerateDirectories("/proc/self/task").All(thread => IsGone(thread, out var lines)
            || lines.Any(line => IsFourTimes(line, "Uid:", user)) && lines.Any(line => IsFourTimes(line, "Gid:", group)));

    private static bool IsGone(string thread, out string[] lines)
    {
        try
        {
            lines = File.ReadAllLines(Path.Combine(thread, "status"));
            return false;
        }
        catch (IOException)
        {
            lines = [];
            return true;
        }
    }

    private static bool IsFourTimes(string line, string name, uint id) =>
        line.StartsWith(name, StringComparison.Ordinal)
        && line[name.Length..].Split('\t', StringSplitOptions.RemoveEmptyEntries)
            .All(field => field == id.ToString(CultureInfo.InvariantCulture));

    private void Require(Errno error, string what)
    {
        if (error != Errno.None)
            throw Failure($"cannot run as {_asked}: taking on {what} failed: {ErrnoText.Describe(error)}");
    }

    private static TransferException Unknown(string kind, string name) => Failure($"there is no {kind} {name}");

    private static TransferException Failure(string sentence) => new(TransferFailure.Identity, sentence);
}
