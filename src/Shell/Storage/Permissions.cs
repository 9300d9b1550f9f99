namespace Trainyard.Shell.Storage;

/// <summary>Permission bits (inode(7)).</summary>
internal static class Permissions
{
    /// <summary>Reading and writing for everybody, of which the umask takes its part: what a new file is made with.</summary>
    public const uint NewFile = 0b110_110_110;

    /// <summary>Reading and writing for the owner alone.</summary>
    public const uint OwnerOnly = 0b110_000_000;
}
