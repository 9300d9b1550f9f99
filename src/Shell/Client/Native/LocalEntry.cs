using Trainyard.Shell.Linux;

namespace Trainyard.Shell.Client.Native;

/// <summary>Something in a local tree.</summary>
/// <param name="Path">Its path below the tree's root, in bytes; empty for the root itself.</param>
/// <param name="Status">What it is.</param>
/// <param name="Target">Where a link leads; empty for anything else.</param>
internal sealed record LocalEntry(byte[] Path, FileStatus Status, byte[] Target);
