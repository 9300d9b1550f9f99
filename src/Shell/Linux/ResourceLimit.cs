using System.Runtime.InteropServices;

namespace Trainyard.Shell.Linux;

/// <summary>struct rlimit.</summary>
/// <param name="Soft">The limit in force.</param>
/// <param name="Hard">How far the process may raise it by itself.</param>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct ResourceLimit(ulong Soft, ulong Hard);
