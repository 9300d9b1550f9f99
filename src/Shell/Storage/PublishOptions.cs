using Trainyard.Shell.Linux;

namespace Trainyard.Shell.Storage;

/// <summary>What a file gets along with its name.</summary>
/// <param name="Mode">Permissions, <c>0 ..= 07777</c>; <c>null</c> leaves those that it was made with.</param>
/// <param name="ModifiedNs">Time of modification, nanoseconds since 1970; <c>null</c> leaves that of the last write.</param>
/// <param name="NoClobber">Only if nothing has the name.</param>
/// <param name="IsDurable">Whether to wait until file and name are on the disk.</param>
/// <param name="LastCheck">Asked in the moment before the file gets its name; anything but <see cref="Errno.None"/> keeps it from it.</param>
/// <param name="IsAlone">Whether what was asked must still hold when the file gets its name, whoever else names files in the directory meanwhile.</param>
internal sealed record PublishOptions(
    int? Mode, long? ModifiedNs, bool NoClobber, bool IsDurable, Func<Errno>? LastCheck = null, bool IsAlone = false);
