namespace Trainyard.Core.Protocol;

/// <summary>A run of bytes in a response that come from one place.</summary>
/// <param name="Kind">Where they come from.</param>
/// <param name="Position">Where the run begins in the response, in bytes from its start.</param>
/// <param name="Length">Bytes from there to the end of the run; 0 only at the end of the response.</param>
/// <param name="Offset">For file bytes, where in the file to read; for the digest, which of its bytes; else 0.</param>
public readonly record struct ResponsePart(ResponsePartKind Kind, long Position, long Length, long Offset);
