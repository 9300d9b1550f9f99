namespace Trainyard.Shell.Linux;

/// <summary>How bytes will be used (posix_fadvise(2), madvise(2)). The values are the kernel's, the same for both.</summary>
internal enum FileAdvice
{
    /// <summary>Nothing special.</summary>
    Normal = 0,

    /// <summary>From front to back: read far ahead.</summary>
    Sequential = 2,

    /// <summary>Soon: begin to read now.</summary>
    WillNeed = 3,

    /// <summary>No more: the cache may drop them.</summary>
    DontNeed = 4,
}
