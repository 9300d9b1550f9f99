namespace Trainyard.Shell.Linux;

/// <summary>
/// How to open a file (open(2)). The bits are those of x86-64; <see cref="Libc.NativeOpenFlags"/> turns them into the machine's.
/// </summary>
[Flags]
internal enum OpenFlags
{
    /// <summary>Reading only.</summary>
    ReadOnly = 0,

    /// <summary>Writing only.</summary>
    WriteOnly = 0x1,

    /// <summary>Reading and writing.</summary>
    ReadWrite = 0x2,

    /// <summary>Make it if it is not there (O_CREAT).</summary>
    Create = 0x40,

    /// <summary>
    /// With <see cref="Create"/>: fail if it is there (O_EXCL). With <see cref="Temporary"/>: it can never be given a name.
    /// </summary>
    Exclusive = 0x80,

    /// <summary>Cut it to nothing (O_TRUNC).</summary>
    Truncate = 0x200,

    /// <summary>Write at the end only (O_APPEND).</summary>
    Append = 0x400,

    /// <summary>Do not wait for the other side of a fifo (O_NONBLOCK).</summary>
    NonBlocking = 0x800,

    /// <summary>Fail unless it is a directory (O_DIRECTORY).</summary>
    Directory = 0x10000,

    /// <summary>Fail if the last component is a symbolic link (O_NOFOLLOW).</summary>
    NoFollow = 0x20000,

    /// <summary>A handle for *at calls and status only (O_PATH).</summary>
    Path = 0x200000,

    /// <summary>
    /// A new file without a name, in the directory that the path names (O_TMPFILE); give <see cref="WriteOnly"/> or <see
    /// cref="ReadWrite"/>.
    /// </summary>
    Temporary = 0x400000 | Directory,
}
