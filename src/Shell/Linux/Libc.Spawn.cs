using System.Runtime.InteropServices;
using System.Text;

namespace Trainyard.Shell.Linux;

/// <content>posix_spawn(3).</content>
internal static unsafe partial class Libc
{
    // Opaque structures of the C library: 80 and 336 bytes with glibc, likewise with musl. Room to grow.
    internal const int SpawnActionsSize = 512;
    internal const int SpawnAttributesSize = 1024;
    internal const int SignalSetSize = 128;
    internal const short SpawnSetSignalDefault = 0x4;
    internal const short SpawnSetSignalMask = 0x8;
    internal const int FirstInheritable = 3;

    [LibraryImport(Library)]
    private static partial int posix_spawn(int* pid, byte* path, byte* actions, byte* attributes, byte** argv, byte** envp);

    [LibraryImport(Library)]
    private static partial int posix_spawn_file_actions_init(byte* actions);

    [LibraryImport(Library)]
    private static partial int posix_spawn_file_actions_destroy(byte* actions);

    [LibraryImport(Library)]
    private static partial int posix_spawn_file_actions_addopen(byte* actions, int fd, byte* path, int oflag, uint mode);

    [LibraryImport(Library)]
    private static partial int posix_spawn_file_actions_adddup2(byte* actions, int fd, int newfd);

    [LibraryImport(Library)]
    private static partial int posix_spawn_file_actions_addclosefrom_np(byte* actions, int from);

    [LibraryImport(Library)]
    private static partial int posix_spawnattr_init(byte* attributes);

    [LibraryImport(Library)]
    private static partial int posix_spawnattr_destroy(byte* attributes);

    [LibraryImport(Library)]
    private static partial int posix_spawnattr_setflags(byte* attributes, short flags);

    [LibraryImport(Library)]
    private static partial int posix_spawnattr_setsigdefault(byte* attributes, byte* set);

    [LibraryImport(Library)]
    private static partial int posix_spawnattr_setsigmask(byte* attributes, byte* set);

    [LibraryImport(Library)]
    private static partial int sigemptyset(byte* set);

    [LibraryImport(Library)]
    private static partial int sigfillset(byte* set);

    /// <summary>Starts a program that has nothing of ours but what it is given.</summary>
    /// <param name="path">The executable; the search path is not used. It becomes argument 0.</param>
    /// <param name="arguments">The arguments after it.</param>
    /// <param name="environment">Its environment; null for a copy of ours.</param>
    /// <param name="inherited">
    /// Which of our descriptors it gets under which number, <c>3 ..</c>, each number once. Ours stay open and close-on-exec.
    /// </param>
    /// <returns>The child, whose exec has succeeded; or why there is none.</returns>
    /// <remarks>
    /// In the child standard input is /dev/null, standard output and error are ours, every other descriptor is closed; all signals have
    /// their default effect and none is blocked. The runtime does not reap such a child: <see cref="Wait"/> does.
    /// </remarks>
    internal static SpawnResult Spawn(
        string path,
        IReadOnlyList<string> arguments,
        IReadOnlyDictionary<string, string>? environment,
        IReadOnlyList<(SafeHandle Source, int Number)> inherited)
    {
        var highest = FirstInheritable - 1;
        foreach (var (_, number) in inherited)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(number, FirstInheritable, nameof(inherited));
            highest = Math.Max(highest, number);
        }

        // Duplicated above the highest target, so that no dup2 in the child overwrites a source of a later one.
        var sources = new List<Descriptor>(inherited.Count);
        try
        {
            foreach (var (source, _) in inherited)
            {
                var duplicate = Duplicate<Descriptor>(source, highest + 1);
                if (!duplicate.IsOk)
                    return new(0, duplicate.Error);
                sources.Add(duplicate.Descriptor);
            }
            using var argv = new NativeStrings([path, .. arguments]);
            using var envp = new NativeStrings(EnvironmentEntries(environment));
            return Spawn(path, argv, envp, sources, inherited, highest);
        }
        finally
        {
            foreach (var source in sources)
                source.Dispose();
        }
    }

    private static SpawnResult Spawn(
        string path, NativeStrings argv, NativeStrings envp,
        List<Descriptor> sources, IReadOnlyList<(SafeHandle Source, int Number)> targets, int highest)
    {
        var actions = (byte*)NativeMemory.AlignedAlloc(SpawnActionsSize, 16);
        var attributes = (byte*)NativeMemory.AlignedAlloc(SpawnAttributesSize, 16);
        Succeeded(nameof(posix_spawn_file_actions_init), posix_spawn_file_actions_init(actions));
        Succeeded(nameof(posix_spawnattr_init), posix_spawnattr_init(attributes));
        try
        {
            fixed (byte* nullDevice = "/dev/null\0"u8)
                Succeeded(
                    nameof(posix_spawn_file_actions_addopen), posix_spawn_file_actions_addopen(actions, 0, nullDevice, 0, 0));
            for (var i = 0; i < sources.Count; i++)
            {
                using var held = new HeldDescriptor(sources[i]);
                Succeeded(
                    nameof(posix_spawn_file_actions_adddup2),
                    posix_spawn_file_actions_adddup2(actions, held.Number, targets[i].Number));
            }
            CloseFrom(actions, highest + 1);
            ResetSignals(attributes);

            int processId;
            fixed (byte* program = Encoding.UTF8.GetBytes(path + '\0'))
            {
                var error = (Errno)posix_spawn(&processId, program, actions, attributes, argv.Start, envp.Start);
                return error == Errno.None ? new(processId, error) : new(0, error);
            }
        }
        finally
        {
            _ = posix_spawn_file_actions_destroy(actions);
            _ = posix_spawnattr_destroy(attributes);
            NativeMemory.AlignedFree(actions);
            NativeMemory.AlignedFree(attributes);
        }
    }

    private static void CloseFrom(byte* actions, int lowest)
    {
        try
        {
            Succeeded(
                nameof(posix_spawn_file_actions_addclosefrom_np), posix_spawn_file_actions_addclosefrom_np(actions, lowest));
        }
        catch (EntryPointNotFoundException)
        {
            // musl, and glibc before 2.34. Ours are close-on-exec anyway; what remains open is what we inherited ourselves.
        }
    }

    // The runtime ignores SIGPIPE, and an ignored signal stays ignored across exec.
    private static void ResetSignals(byte* attributes)
    {
        var set = stackalloc byte[SignalSetSize];
        _ = sigfillset(set);
        Succeeded(nameof(posix_spawnattr_setsigdefault), posix_spawnattr_setsigdefault(attributes, set));
        _ = sigemptyset(set);
        Succeeded(nameof(posix_spawnattr_setsigmask), posix_spawnattr_setsigmask(attributes, set));
        Succeeded(
            nameof(posix_spawnattr_setflags), posix_spawnattr_setflags(attributes, SpawnSetSignalDefault | SpawnSetSignalMask));
    }

    private static List<string> EnvironmentEntries(IReadOnlyDictionary<string, string>? environment)
    {
        var entries = new List<string>();
        if (environment is not null)
        {
            foreach (var (name, value) in environment)
                entries.Add($"{name}={value}");
            return entries;
        }
        foreach (System.Collections.DictionaryEntry variable in Environment.GetEnvironmentVariables())
            entries.Add($"{variable.Key}={variable.Value}");
        return entries;
    }

    // These return the error number instead of setting errno.
    private static void Succeeded(string call, int error)
    {
        if (error != 0)
            throw new NativeException(call, (Errno)error);
    }
}
