namespace Trainyard.Shell;

/// <summary>A file that <see cref="TreeScrub"/> has read.</summary>
/// <param name="Path">Where it lies below the root, with control bytes escaped.</param>
/// <param name="Algorithm">How the digest that is kept of it was computed.</param>
/// <param name="Result">What it says.</param>
public sealed record ScrubbedFile(string Path, DigestAlgorithm Algorithm, ScrubResult Result);
