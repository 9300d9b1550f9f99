using System.Runtime.InteropServices;

namespace Trainyard.Shell.Linux;

/// <content>getrlimit(2).</content>
internal static unsafe partial class Libc
{
    internal const int LimitOpenFiles = 7;

    [LibraryImport(Library, SetLastError = true)]
    private static partial int getrlimit(int resource, ResourceLimit* limit);

    [LibraryImport(Library, SetLastError = true)]
    private static partial int setrlimit(int resource, ResourceLimit* limit);

    /// <summary>How many descriptors this process may have open.</summary>
    internal static ResourceLimit OpenFileLimit()
    {
        ResourceLimit limit;
        Required(nameof(getrlimit), getrlimit(LimitOpenFiles, &limit));
        return limit;
    }

    /// <summary>Changes how many descriptors this process, and the children it starts from now on, may have open.</summary>
    /// <returns><see cref="Errno.None"/>; or not permitted (above the hard limit).</returns>
    internal static Errno SetOpenFileLimit(ResourceLimit limit) =>
        Value(nameof(setrlimit), setrlimit(LimitOpenFiles, &limit)).Error;

    /// <summary>Raises the soft limit of open descriptors to the hard one.</summary>
    /// <returns>The soft limit now in force.</returns>
    internal static ulong RaiseOpenFileLimit()
    {
        var limit = OpenFileLimit();
        var raised = limit with { Soft = limit.Hard };
        return raised == limit || SetOpenFileLimit(raised) != Errno.None ? limit.Soft : raised.Soft;
    }
}
