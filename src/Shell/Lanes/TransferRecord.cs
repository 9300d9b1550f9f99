using Trainyard.Core.Pool;

namespace Trainyard.Shell.Lanes;

/// <summary>What a worker sends at the moment, as it says on the scoreboard.</summary>
/// <param name="Connection">On which connection.</param>
/// <param name="Path">The file's path, UTF-8, possibly clipped; foreign bytes.</param>
/// <param name="Size">The file's bytes.</param>
/// <param name="Offset">Those of them that the kernel has taken.</param>
internal sealed record TransferRecord(ConnectionId Connection, byte[] Path, long Size, long Offset);
