namespace Trainyard.Shell.Linux;

/// <summary>A socket: a listener, a TCP connection, or one end of a lane.</summary>
internal sealed class SocketDescriptor : Descriptor
{
    public SocketDescriptor() { }

    internal SocketDescriptor(int number) : base(number) { }

    /// <summary>Takes over a descriptor that arrived as one of any kind; <paramref name="received"/> owns it no more.</summary>
    internal static SocketDescriptor From(Descriptor received)
    {
        var socket = new SocketDescriptor((int)received.DangerousGetHandle());
        received.SetHandleAsInvalid();
        return socket;
    }
}

/// <summary>An epoll instance.</summary>
internal sealed class EpollDescriptor : Descriptor;

/// <summary>An open file or directory.</summary>
internal sealed class FileDescriptor : Descriptor
{
    // AT_FDCWD, which the *at calls of both architectures read as "relative to the working directory".
    private const int AtWorkingDirectory = -100;

    public FileDescriptor() { }

    private FileDescriptor(int number) : base(number, ownsHandle: false) { }

    /// <summary>Stands for the working directory in the calls that take a directory. Never closed.</summary>
    internal static FileDescriptor WorkingDirectory { get; } = new(AtWorkingDirectory);
}

/// <summary>One end of a pipe.</summary>
internal sealed class PipeEnd : Descriptor;

/// <summary>An eventfd counter.</summary>
internal sealed class EventDescriptor : Descriptor;

/// <summary>A process, by pidfd.</summary>
internal sealed class ProcessDescriptor : Descriptor;

/// <summary>Anonymous memory that can be passed to and mapped by other processes (memfd).</summary>
internal sealed class MemoryDescriptor : Descriptor;
