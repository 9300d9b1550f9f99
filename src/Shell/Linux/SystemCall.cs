using System.Runtime.InteropServices;

namespace Trainyard.Shell.Linux;

/// <summary>Numbers of the system calls that older C libraries have no function for (syscalls(2)).</summary>
internal static class SystemCall
{
    internal const int PidfdSendSignal = 424;
    internal const int PidfdOpen = 434;
    internal const int OpenAt2 = 437;

    internal static readonly int GetDents64 = ByArchitecture(x64: 217, arm64: 61);
    internal static readonly int RenameAt2 = ByArchitecture(x64: 316, arm64: 276);
    internal static readonly int StatX = ByArchitecture(x64: 332, arm64: 291);

    private static int ByArchitecture(int x64, int arm64) => RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => x64,
        Architecture.Arm64 => arm64,
        var other => throw new PlatformNotSupportedException($"Trainyard runs on x86-64 and arm64, not on {other}."),
    };
}
