using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Trainyard.Shell.Worker;

/// <summary>Asks the processor to fetch memory that is needed soon, without waiting for it. A hint: nothing happens where there is none, and no address is wrong.</summary>
internal static unsafe class CacheLines
{
    private const int Bytes = 64;

    /// <summary>An object's first bytes.</summary>
    /// <param name="target">The object; <c>null</c> for none.</param>
    /// <param name="count">How many bytes; behind its end is allowed.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Fetch(object? target, int count)
    {
        // Should it be moved meanwhile, something else is fetched.
        if (target is not null)
            Fetch(*(byte**)Unsafe.AsPointer(ref target), count);
    }

    /// <summary>Memory that is shared with other processes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Fetch(Span<byte> memory)
    {
        fixed (byte* start = memory)
            Fetch(start, memory.Length);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Fetch(byte* start, int count)
    {
        if (!Sse.IsSupported)
            return;
        for (var at = 0; at < count; at += Bytes)
            Sse.Prefetch0(start + at);
    }
}
