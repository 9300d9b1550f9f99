using System.Runtime.InteropServices;
using System.Text;

namespace Trainyard.Shell.Linux;

/// <content>getpwnam_r(3), getpwuid_r(3), getgrnam_r(3), getgrouplist(3), setgroups(2), setgid(2), setuid(2) and what tells of them.</content>
internal static unsafe partial class Libc
{
    internal const int PasswordUserOffset = 16;
    internal const int PasswordGroupOffset = 20;
    internal const int PasswordSize = 48;
    internal const int GroupIdOffset = 16;
    internal const int GroupSize = 32;

    private const int LargestEntry = 1 << 20;

    [LibraryImport(Library)]
    private static partial int getpwnam_r(byte* name, byte* entry, byte* buffer, nuint length, byte** found);

    [LibraryImport(Library)]
    private static partial int getpwuid_r(uint uid, byte* entry, byte* buffer, nuint length, byte** found);

    [LibraryImport(Library)]
    private static partial int getgrnam_r(byte* name, byte* entry, byte* buffer, nuint length, byte** found);

    [LibraryImport(Library)]
    private static partial int getgrouplist(byte* user, uint group, uint* groups, int* count);

    [LibraryImport(Library, SetLastError = true)]
    private static partial int getgroups(int size, uint* list);

    [LibraryImport(Library, SetLastError = true)]
    private static partial int setgroups(nuint size, uint* list);

    [LibraryImport(Library, SetLastError = true)]
    private static partial int setgid(uint gid);

    [LibraryImport(Library, SetLastError = true)]
    private static partial int setuid(uint uid);

    [LibraryImport(Library, SetLastError = true)]
    private static partial int getresuid(uint* real, uint* effective, uint* saved);

    [LibraryImport(Library, SetLastError = true)]
    private static partial int getresgid(uint* real, uint* effective, uint* saved);

    /// <summary>Looks a user up, wherever this machine keeps its users.</summary>
    /// <returns>Its numbers and its name; <c>null</c> where there is none. An error number where the lookup itself failed.</returns>
    internal static (UserEntry? User, Errno Error) FindUser(string name)
    {
        fixed (byte* text = Encoding.UTF8.GetBytes(name + '\0'))
        {
            var key = text;
            return FindUser((entry, buffer, length, found) => getpwnam_r(key, entry, buffer, length, found));
        }
    }

    /// <summary>Looks a user up by number.</summary>
    internal static (UserEntry? User, Errno Error) FindUser(uint uid) =>
        FindUser((entry, buffer, length, found) => getpwuid_r(uid, entry, buffer, length, found));

    /// <summary>Looks a group up.</summary>
    internal static (uint? Group, Errno Error) FindGroup(string name)
    {
        fixed (byte* text = Encoding.UTF8.GetBytes(name + '\0'))
        {
            var key = text;
            uint? group = null;
            var error = Lookup(
                GroupSize,
                (entry, buffer, length, found) => getgrnam_r(key, entry, buffer, length, found),
                entry => group = *(uint*)(entry + GroupIdOffset));
            return (group, error);
        }
    }

    /// <summary>The groups that a user is a member of, its own included.</summary>
    internal static uint[] GroupsOf(string user, uint group)
    {
        fixed (byte* name = Encoding.UTF8.GetBytes(user + '\0'))
        {
            for (var room = 64; ; room *= 2)
            {
                var groups = new uint[room];
                var count = room;
                fixed (uint* list = groups)
                    if (getgrouplist(name, group, list, &count) >= 0)
                        return groups[..count];
            }
        }
    }

    /// <summary>Real, effective and saved user and group of this process, and its supplementary groups.</summary>
    internal static Credentials CurrentCredentials()
    {
        uint realUser, effectiveUser, savedUser, realGroup, effectiveGroup, savedGroup;
        Required(nameof(getresuid), getresuid(&realUser, &effectiveUser, &savedUser));
        Required(nameof(getresgid), getresgid(&realGroup, &effectiveGroup, &savedGroup));
        var groups = new uint[(int)Required(nameof(getgroups), getgroups(0, null))];
        fixed (uint* list = groups)
            Required(nameof(getgroups), getgroups(groups.Length, list));
        return new([realUser, effectiveUser, savedUser], [realGroup, effectiveGroup, savedGroup], groups);
    }

    /// <summary>Replaces the supplementary groups, for every thread.</summary>
    /// <returns><see cref="Errno.None"/>; or not permitted.</returns>
    internal static Errno SetGroups(ReadOnlySpan<uint> groups)
    {
        fixed (uint* list = groups)
            return Value(nameof(setgroups), setgroups((nuint)groups.Length, list), Errno.InvalidArgument).Error;
    }

    /// <summary>Takes a group on, for every thread: real, effective and saved where the process is privileged.</summary>
    internal static Errno SetGroup(uint group) => Value(nameof(setgid), setgid(group), Errno.InvalidArgument).Error;

    /// <summary>Takes a user on, for every thread: real, effective and saved where the process is privileged.</summary>
    internal static Errno SetUser(uint user) => Value(nameof(setuid), setuid(user), Errno.InvalidArgument).Error;

    private delegate int EntryLookup(byte* entry, byte* buffer, nuint length, byte** found);

    private delegate void EntryReader(byte* entry);

    private static (UserEntry? User, Errno Error) FindUser(EntryLookup lookup)
    {
        UserEntry? user = null;
        var error = Lookup(
            PasswordSize,
            lookup,
            entry => user = new(
                Marshal.PtrToStringUTF8(*(nint*)entry) ?? "", *(uint*)(entry + PasswordUserOffset), *(uint*)(entry + PasswordGroupOffset)));
        return (user, error);
    }

    // These return the error number instead of setting errno, and ask for a longer buffer with ERANGE.
    private static Errno Lookup(int size, EntryLookup lookup, EntryReader read)
    {
        var entry = stackalloc byte[size];
        for (var room = 4096; room <= LargestEntry; room *= 2)
        {
            var buffer = (byte*)NativeMemory.Alloc((nuint)room);
            try
            {
                byte* found;
                var error = (Errno)lookup(entry, buffer, (nuint)room, &found);
                if (error == Errno.None && found is not null)
                    read(entry);
                if (error is not (Errno.OutOfRange or Errno.Interrupted))
                    return error is Errno.NoEntry or Errno.NoProcess ? Errno.None : error;
            }
            finally
            {
                NativeMemory.Free(buffer);
            }
        }
        return Errno.OutOfRange;
    }
}
