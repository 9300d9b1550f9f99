using Trainyard.Core.Protocol;

namespace Trainyard.Core.Custody;

/// <summary>What the journal says of an upload beyond what its session knows; <c>default</c> where there is none. See <see cref="JournalIntake.Upload"/>.</summary>
/// <param name="Token">Finds what is stored.</param>
/// <param name="Stored">By which the store knows the temporary file.</param>
/// <param name="Offset">The offset in GO.</param>
/// <param name="Stream">What the digest of this session's bytes has come to.</param>
/// <param name="Whole">What the digest of the whole file has come to.</param>
public readonly record struct JournalledUpload(Opaque Token, Opaque Stored, long Offset, Opaque Stream, Opaque Whole);
