using System.Runtime.InteropServices;

namespace Trainyard.Shell.Linux;

/// <summary>struct iovec: one piece of a gathered write or a scattered read.</summary>
/// <param name="start">Native or pinned memory, which has to stay where it is until the call returns.</param>
/// <param name="length">Bytes.</param>
[StructLayout(LayoutKind.Sequential)]
internal readonly unsafe struct IoVector(byte* start, nuint length)
{
    internal readonly byte* Start = start;
    internal readonly nuint Length = length;

    /// <summary>The most pieces that one call takes (IOV_MAX).</summary>
    internal const int MaximumCount = 1024;
}
