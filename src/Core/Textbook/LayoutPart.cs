namespace Trainyard.Core.Textbook;

/// <summary>A run of bytes in a response that come from one place.</summary>
/// <param name="Kind">Where they come from.</param>
/// <param name="Position">Where the run begins in the response, in bytes from its start.</param>
/// <param name="Length">Bytes from there to the end of the run; 0 only at the end of the response.</param>
/// <param name="FileOffset">File bytes before the run: for file bytes, where to read.</param>
public readonly record struct LayoutPart(LayoutPartKind Kind, long Position, long Length, long FileOffset);
