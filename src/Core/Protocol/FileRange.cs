namespace Trainyard.Core.Protocol;

/// <summary>Which bytes of a file are asked for.</summary>
/// <param name="Offset">The first byte, from 0.</param>
/// <param name="Length">How many bytes at most; <c>null</c> for all to the end.</param>
/// <remarks><c>default</c> is the whole file.</remarks>
public readonly record struct FileRange(long Offset, long? Length)
{
    /// <summary>How many bytes of a file of <paramref name="size"/> bytes the range covers: what lies past the end is left out.</summary>
    public long CoveredOf(long size)
    {
        var left = Math.Max(0, size - Math.Clamp(Offset, 0, Math.Max(0, size)));
        return Length is { } length ? Math.Clamp(length, 0, left) : left;
    }
}
