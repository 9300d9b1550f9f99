namespace Trainyard.Shell.Linux;

/// <summary>Which steps a path may take below its root (openat2(2)). The bits are the kernel's.</summary>
[Flags]
internal enum ResolveFlags : ulong
{
    /// <summary>Any.</summary>
    None = 0,

    /// <summary>Stay on one file system (RESOLVE_NO_XDEV).</summary>
    NoCrossDevice = 0x1,

    /// <summary>No jumps through links such as /proc/self/fd/3 (RESOLVE_NO_MAGICLINKS).</summary>
    NoMagicLinks = 0x2,

    /// <summary>No symbolic links at all (RESOLVE_NO_SYMLINKS).</summary>
    NoSymbolicLinks = 0x4,

    /// <summary>Never leave the root, not even for a moment (RESOLVE_BENEATH).</summary>
    Beneath = 0x8,
}
