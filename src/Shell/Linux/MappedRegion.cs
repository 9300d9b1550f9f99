using System.Runtime.CompilerServices;
using Microsoft.Win32.SafeHandles;

namespace Trainyard.Shell.Linux;

/// <summary>Owns one mapping of a file or of shared memory (mmap(2)).</summary>
/// <remarks>
/// Touching a page of a file's mapping that lies behind the file's present end kills the process with SIGBUS. So only mappings of memory
/// that this project made itself and never cuts are touched; mappings of files are handed to the kernel (<see cref="Libc.SendMapped"/>),
/// for which the same page is an error number. No span or reference may outlive the region.
/// </remarks>
internal sealed unsafe class MappedRegion : SafeHandleMinusOneIsInvalid
{
    internal MappedRegion(byte* start, long length) : base(ownsHandle: true)
    {
        SetHandle((nint)start);
        Length = length;
    }

    /// <summary>Bytes of the mapping, <c>1 ..</c>.</summary>
    internal long Length { get; }

    /// <summary>The first byte.</summary>
    internal byte* Start => (byte*)handle;

    /// <summary>A part of the mapping as memory.</summary>
    /// <param name="offset">Where it begins, in bytes.</param>
    /// <param name="count">Its bytes; it lies inside the mapping.</param>
    internal Span<byte> Slice(long offset, int count)
    {
        CheckRange(offset, count);
        return new(Start + offset, count);
    }

    /// <summary>A value inside the mapping, for <see cref="Volatile"/> and <see cref="Interlocked"/>.</summary>
    /// <param name="offset">Where it lies, in bytes; a multiple of its size.</param>
    internal ref T At<T>(long offset) where T : unmanaged
    {
        CheckRange(offset, sizeof(T));
        ArgumentOutOfRangeException.ThrowIfNotEqual(offset % sizeof(T), 0, nameof(offset));
        return ref Unsafe.AsRef<T>(Start + offset);
    }

    /// <exception cref="ArgumentOutOfRangeException">The range is not inside the mapping.</exception>
    /// <exception cref="ObjectDisposedException">The mapping is gone.</exception>
    internal void CheckRange(long offset, long count)
    {
        ObjectDisposedException.ThrowIf(IsClosed, this);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, Length - count);
    }

    /// <inheritdoc/>
    protected override bool ReleaseHandle() => Libc.Unmap(Start, Length);
}
