namespace Trainyard.Shell.Linux;

/// <summary>A child that runs, or why there is none.</summary>
/// <param name="ProcessId">The child's number; 0 after a failure.</param>
/// <param name="Error">
/// No entry, access denied, not executable: of the program. WouldBlock (EAGAIN), out of memory, out of descriptors: of the machine.
/// </param>
internal readonly record struct SpawnResult(int ProcessId, Errno Error)
{
    /// <summary>There is a child.</summary>
    internal bool IsOk => ProcessId > 0;
}
