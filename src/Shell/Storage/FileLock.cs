using Trainyard.Shell.Linux;

namespace Trainyard.Shell.Storage;

/// <summary>Waits for a lock that nobody holds for longer than a few system calls.</summary>
internal static class FileLock
{
    // Only a process that was stopped in the middle of a turn holds it that long.
    private const int Attempts = 2000;

    /// <summary>Takes the lock.</summary>
    /// <returns><see cref="Errno.None"/>; <see cref="Errno.Busy"/> after two seconds; or no locks left.</returns>
    public static Errno Take(FileDescriptor file, bool exclusive)
    {
        for (var attempt = 0; ; attempt++)
        {
            var error = Libc.TryLock(file, exclusive);
            if (error != Errno.WouldBlock)
                return error;
            if (attempt == Attempts)
                return Errno.Busy;
            Thread.Sleep(1);
        }
    }
}
