using System.Runtime.InteropServices;
using System.Text;
using Trainyard.Integration.Support;
using Trainyard.Shell.Linux;
using Xunit;

namespace Trainyard.Integration.Linux;

/// <summary>Every number that the wrappers rely on, compared with this machine's C headers by a compiled program.</summary>
public unsafe class LayoutTests
{
    private static readonly string[] Headers =
    [
        "dirent.h", "errno.h", "fcntl.h", "grp.h", "limits.h", "poll.h", "pwd.h", "signal.h", "spawn.h", "stddef.h", "stdio.h", "unistd.h",
        "arpa/inet.h", "netinet/in.h", "linux/openat2.h", "linux/tcp.h", "sys/epoll.h", "sys/eventfd.h", "sys/file.h", "sys/ioctl.h", "sys/mman.h",
        "sys/resource.h", "sys/socket.h", "sys/stat.h", "sys/statvfs.h", "sys/syscall.h", "sys/uio.h", "sys/un.h", "sys/wait.h",
    ];

    // What the headers above lack in older C libraries, or hide from user space; numbers from the kernel's own headers.
    private const string Extra = """
        #ifndef P_PIDFD
        #define P_PIDFD 3
        #endif
        #ifndef SCM_MAX_FD
        #define SCM_MAX_FD 253
        #endif
        """;

    [Fact]
    public void Every_number_agrees_with_the_headers()
    {
        var expected = Numbers().ToList();
        var source = new StringBuilder();
        foreach (var header in Headers)
            source.Append("#include <").Append(header).Append(">\n");
        source.Append(Extra).Append("\nint main(void)\n{\n");
        foreach (var (expression, _) in expected)
            source.Append("    printf(\"%lld\\n\", (long long)(").Append(expression).Append("));\n");
        source.Append("    return 0;\n}\n");

        using var directory = new TemporaryDirectory();
        var (code, output) = CCompiler.Run(CCompiler.Compile(directory, "layout", source.ToString()));
        Assert.Equal(0, code);
        var actual = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(expected.Count, actual.Length);
        Assert.Equal(
            expected.Select((number, i) => $"{number.Expression} = {actual[i]}"),
            expected.Select(number => $"{number.Expression} = {number.Value}"));
    }

    [Fact]
    public void Opaque_structures_have_room()
    {
        using var directory = new TemporaryDirectory();
        var program = CCompiler.Compile(directory, "sizes", """
            #include <signal.h>
            #include <spawn.h>
            #include <stdio.h>
            int main(void)
            {
                printf("%zu %zu %zu %zu", sizeof(posix_spawn_file_actions_t), sizeof(posix_spawnattr_t),
                       sizeof(sigset_t), sizeof(siginfo_t));
                return 0;
            }
            """);
        var sizes = CCompiler.Run(program).Output.Split(' ').Select(int.Parse).ToArray();
        Assert.InRange(sizes[0], 1, Libc.SpawnActionsSize);
        Assert.InRange(sizes[1], 1, Libc.SpawnAttributesSize);
        Assert.InRange(sizes[2], 1, Libc.SignalSetSize);
        Assert.InRange(sizes[3], 1, Libc.SignalInfoSize);
    }

    private static IEnumerable<(string Expression, long Value)> Numbers() =>
    [
        .. Enum.GetValues<Errno>().Where(error => error != Errno.None).Select(error => (ErrnoText.Symbol(error), (long)error)),
        .. Epoll(), .. Sockets(), .. Messages(), .. Files(), .. Memory(), .. Processes(),
    ];

    private static IEnumerable<(string, long)> Epoll() =>
    [
        ("EPOLLIN", (long)PollEvents.Readable), ("EPOLLOUT", (long)PollEvents.Writable), ("EPOLLERR", (long)PollEvents.Error),
        ("EPOLLHUP", (long)PollEvents.HangUp), ("EPOLLRDHUP", (long)PollEvents.PeerClosedWriting),
        ("(unsigned)EPOLLONESHOT", (long)PollEvents.OneShot), ("(unsigned)EPOLLET", (long)PollEvents.EdgeTriggered),
        ("POLLIN", (long)PollEvents.Readable), ("POLLOUT", (long)PollEvents.Writable), ("POLLERR", (long)PollEvents.Error),
        ("POLLHUP", (long)PollEvents.HangUp), ("POLLRDHUP", (long)PollEvents.PeerClosedWriting),
        ("EPOLL_CLOEXEC", Libc.EpollCloseOnExec), ("EPOLL_CTL_ADD", Libc.EpollAddOperation),
        ("EPOLL_CTL_DEL", Libc.EpollRemoveOperation), ("EPOLL_CTL_MOD", Libc.EpollModifyOperation),
        ("sizeof(struct epoll_event)", Libc.EpollEventSize), ("offsetof(struct epoll_event, data)", Libc.EpollDataOffset),
        ("sizeof(struct pollfd)", sizeof(Libc.PollDescriptor)),
        ("offsetof(struct pollfd, events)", Offset<Libc.PollDescriptor>(nameof(Libc.PollDescriptor.Interest))),
        ("offsetof(struct pollfd, revents)", Offset<Libc.PollDescriptor>(nameof(Libc.PollDescriptor.Returned))),
        ("EFD_CLOEXEC | EFD_NONBLOCK", Libc.EventFlags),
    ];

    private static IEnumerable<(string, long)> Sockets() =>
    [
        ("AF_UNIX", Libc.FamilyUnix), ("AF_INET", SocketAddress.FamilyIPv4), ("AF_INET6", SocketAddress.FamilyIPv6),
        ("SOCK_STREAM", Libc.SocketStream), ("SOCK_STREAM", (long)LaneKind.Stream), ("SOCK_SEQPACKET", (long)LaneKind.Packets),
        ("SOCK_NONBLOCK", Libc.SocketNonBlocking), ("SOCK_CLOEXEC", Libc.SocketCloseOnExec),
        ("SHUT_RD", (long)SocketDirection.Reading), ("SHUT_WR", (long)SocketDirection.Writing), ("SHUT_RDWR", (long)SocketDirection.Both),
        ("sizeof(struct sockaddr_storage)", SocketAddress.MaximumSize), ("sizeof(struct sockaddr_in)", SocketAddress.SizeIPv4),
        ("sizeof(struct sockaddr_in6)", SocketAddress.SizeIPv6), ("offsetof(struct sockaddr_in, sin_port)", SocketAddress.PortOffset),
        ("offsetof(struct sockaddr_in6, sin6_port)", SocketAddress.PortOffset),
        ("offsetof(struct sockaddr_in, sin_addr)", SocketAddress.AddressOffsetIPv4),
        ("offsetof(struct sockaddr_in6, sin6_addr)", SocketAddress.AddressOffsetIPv6),
        ("offsetof(struct sockaddr_in6, sin6_scope_id)", SocketAddress.ScopeOffsetIPv6),
        .. Option("SOL_SOCKET", "SO_REUSEADDR", SocketOption.ReuseAddress), .. Option("SOL_SOCKET", "SO_ERROR", SocketOption.PendingError),
        .. Option("SOL_SOCKET", "SO_TYPE", SocketOption.Type), .. Option("SOL_SOCKET", "SO_ACCEPTCONN", SocketOption.Listening),
        .. Option("SOL_SOCKET", "SO_SNDBUF", SocketOption.SendBuffer), .. Option("SOL_SOCKET", "SO_RCVBUF", SocketOption.ReceiveBuffer),
        .. Option("IPPROTO_IPV6", "IPV6_V6ONLY", SocketOption.OnlyIPv6), .. Option("IPPROTO_TCP", "TCP_NODELAY", SocketOption.NoDelay),
        .. Option("SOL_SOCKET", "SO_RCVLOWAT", SocketOption.ReceiveLowWater), .. Option("IPPROTO_TCP", "TCP_CORK", SocketOption.Cork), .. Option("IPPROTO_TCP", "TCP_USER_TIMEOUT", SocketOption.UserTimeout),
        .. Option("IPPROTO_TCP", "TCP_NOTSENT_LOWAT", SocketOption.UnsentLowWater),
        ("SO_PEERCRED", Libc.OptionPeerCredentials), ("sizeof(struct ucred)", Libc.CredentialsSize),
        ("offsetof(struct ucred, uid)", Libc.CredentialsUserOffset), ("offsetof(struct sockaddr_un, sun_path)", Libc.UnixPathOffset),
        ("sizeof(struct sockaddr_un) - offsetof(struct sockaddr_un, sun_path)", Libc.UnixPathLimit),
        ("SO_LINGER", Libc.OptionLinger), ("sizeof(struct linger)", 2 * sizeof(int)),
        ("offsetof(struct linger, l_linger)", sizeof(int)), ("TCP_CONGESTION", Libc.OptionCongestion), ("TCP_INFO", Libc.OptionTcpInfo),
        ("FIONREAD", Libc.BytesToRead),
        ("offsetof(struct tcp_info, tcpi_state)", TcpInfo.StateOffset),
        ("offsetof(struct tcp_info, tcpi_bytes_received)", TcpInfo.ReceivedOffset),
        ("offsetof(struct tcp_info, tcpi_notsent_bytes)", TcpInfo.UnsentOffset),
        ("offsetof(struct tcp_info, tcpi_bytes_sent)", TcpInfo.SentOffset),
        ("offsetof(struct tcp_info, tcpi_bytes_retrans)", TcpInfo.RetransmittedOffset),
        ("offsetof(struct tcp_info, tcpi_bytes_retrans) + sizeof(__u64)", TcpInfo.RequiredSize),
    ];

    private static IEnumerable<(string, long)> Messages() =>
    [
        ("MSG_PEEK", (long)MessageFlags.Peek), ("MSG_DONTWAIT", (long)MessageFlags.DontWait), ("MSG_WAITALL", (long)MessageFlags.WaitAll),
        ("MSG_MORE", (long)MessageFlags.More), ("MSG_NOSIGNAL", Libc.NoSignal), ("MSG_CTRUNC", Libc.ControlTruncated),
        ("MSG_TRUNC", Libc.MessageTruncated), ("MSG_TRUNC", Libc.TruncateMessage), ("MSG_DONTWAIT", Libc.DontWait), ("MSG_CMSG_CLOEXEC", Libc.ControlCloseOnExec), ("SCM_RIGHTS", Libc.RightsMessage),
        ("SCM_MAX_FD", Libc.MaximumDescriptors), ("IOV_MAX", IoVector.MaximumCount),
        ("CMSG_LEN(0)", (long)Libc.ControlLength(0)), ("CMSG_LEN(sizeof(int))", (long)Libc.ControlLength(1)),
        ("CMSG_LEN(253 * sizeof(int))", (long)Libc.ControlLength(253)), ("CMSG_SPACE(0)", Libc.ControlSpace(0)),
        ("CMSG_SPACE(sizeof(int))", Libc.ControlSpace(1)), ("CMSG_SPACE(2 * sizeof(int))", Libc.ControlSpace(2)),
        ("CMSG_SPACE(253 * sizeof(int))", Libc.ControlSpace(253)),
        ("sizeof(struct iovec)", sizeof(IoVector)), ("offsetof(struct iovec, iov_len)", Offset<IoVector>(nameof(IoVector.Length))),
        ("sizeof(struct msghdr)", sizeof(Libc.MessageHeader)),
        ("offsetof(struct msghdr, msg_namelen)", Offset<Libc.MessageHeader>(nameof(Libc.MessageHeader.NameLength))),
        ("offsetof(struct msghdr, msg_iov)", Offset<Libc.MessageHeader>(nameof(Libc.MessageHeader.Pieces))),
        ("offsetof(struct msghdr, msg_iovlen)", Offset<Libc.MessageHeader>(nameof(Libc.MessageHeader.PieceCount))),
        ("offsetof(struct msghdr, msg_control)", Offset<Libc.MessageHeader>(nameof(Libc.MessageHeader.Control))),
        ("offsetof(struct msghdr, msg_controllen)", Offset<Libc.MessageHeader>(nameof(Libc.MessageHeader.ControlLength))),
        ("offsetof(struct msghdr, msg_flags)", Offset<Libc.MessageHeader>(nameof(Libc.MessageHeader.Flags))),
        ("sizeof(struct cmsghdr)", sizeof(Libc.ControlHeader)),
        ("offsetof(struct cmsghdr, cmsg_level)", Offset<Libc.ControlHeader>(nameof(Libc.ControlHeader.Level))),
        ("offsetof(struct cmsghdr, cmsg_type)", Offset<Libc.ControlHeader>(nameof(Libc.ControlHeader.Type))),
    ];

    private static IEnumerable<(string, long)> Files() =>
    [
        ("O_RDONLY", Native(OpenFlags.ReadOnly)), ("O_WRONLY", Native(OpenFlags.WriteOnly)), ("O_RDWR", Native(OpenFlags.ReadWrite)),
        ("O_CREAT", Native(OpenFlags.Create)), ("O_EXCL", Native(OpenFlags.Exclusive)), ("O_TRUNC", Native(OpenFlags.Truncate)),
        ("O_APPEND", Native(OpenFlags.Append)), ("O_NONBLOCK", Native(OpenFlags.NonBlocking)), ("O_NONBLOCK", Libc.NonBlocking),
        ("O_DIRECTORY", Native(OpenFlags.Directory)), ("O_NOFOLLOW", Native(OpenFlags.NoFollow)), ("O_PATH", Native(OpenFlags.Path)),
        ("O_TMPFILE", Native(OpenFlags.Temporary)), ("O_CLOEXEC", Libc.OpenCloseOnExec), ("PATH_MAX", Libc.PathLimit),
        ("AT_FDCWD", (int)FileDescriptor.WorkingDirectory.DangerousGetHandle()), ("AT_EMPTY_PATH", Libc.EmptyPath),
        ("AT_SYMLINK_NOFOLLOW", Libc.SymbolicLinkNoFollow), ("AT_SYMLINK_FOLLOW", Libc.SymbolicLinkFollow),
        ("AT_REMOVEDIR", Libc.RemoveDirectoryFlag), ("RENAME_NOREPLACE", Libc.RenameNoReplaceFlag),
        ("offsetof(struct dirent64, d_ino)", Libc.EntryInodeOffset), ("offsetof(struct dirent64, d_reclen)", Libc.EntryLengthOffset),
        ("offsetof(struct dirent64, d_type)", Libc.EntryTypeOffset), ("offsetof(struct dirent64, d_name)", Libc.EntryNameOffset),
        ("sizeof(struct dirent64)", Libc.LongestEntry), ("DT_LNK << 12", (long)FileType.SymbolicLink),
        ("UTIME_OMIT", Libc.TimeOmit), ("LOCK_SH", Libc.LockShared), ("LOCK_EX", Libc.LockExclusive),
        ("LOCK_NB", Libc.LockNonBlocking), ("LOCK_UN", Libc.LockRelease), ("sizeof(struct timespec)", sizeof(Libc.TimeSpecification)),
        ("offsetof(struct timespec, tv_nsec)", Offset<Libc.TimeSpecification>(nameof(Libc.TimeSpecification.Nanoseconds))),
        ("RESOLVE_NO_XDEV", (long)ResolveFlags.NoCrossDevice), ("RESOLVE_NO_MAGICLINKS", (long)ResolveFlags.NoMagicLinks),
        ("RESOLVE_NO_SYMLINKS", (long)ResolveFlags.NoSymbolicLinks), ("RESOLVE_BENEATH", (long)ResolveFlags.Beneath),
        ("sizeof(struct open_how)", sizeof(Libc.OpenHow)),
        ("offsetof(struct open_how, mode)", Offset<Libc.OpenHow>(nameof(Libc.OpenHow.Mode))),
        ("offsetof(struct open_how, resolve)", Offset<Libc.OpenHow>(nameof(Libc.OpenHow.Resolve))),
        ("sizeof(struct statx)", Libc.StatusSize), ("offsetof(struct statx, stx_uid)", Libc.StatusOwnerOffset),
        ("offsetof(struct statx, stx_mode)", Libc.StatusModeOffset),
        ("offsetof(struct statx, stx_ino)", Libc.StatusInodeOffset), ("offsetof(struct statx, stx_size)", Libc.StatusSizeOffset),
        ("offsetof(struct statx, stx_ctime)", Libc.StatusChangedOffset), ("offsetof(struct statx, stx_mtime)", Libc.StatusModifiedOffset),
        ("offsetof(struct statx_timestamp, tv_nsec)", sizeof(long)),
        ("offsetof(struct statx, stx_dev_major)", Libc.StatusDeviceMajorOffset),
        ("offsetof(struct statx, stx_dev_minor)", Libc.StatusDeviceMinorOffset), ("STATX_BASIC_STATS", Libc.StatusBasic),
        ("S_IFREG", (long)FileType.Regular), ("S_IFDIR", (long)FileType.Directory), ("S_IFLNK", (long)FileType.SymbolicLink),
        ("S_IFIFO", (long)FileType.Pipe), ("S_IFSOCK", (long)FileType.Socket), ("S_IFCHR", (long)FileType.CharacterDevice),
        ("S_IFBLK", (long)FileType.BlockDevice),
        ("sizeof(struct statvfs)", Libc.FileSystemStatusSize), ("offsetof(struct statvfs, f_frsize)", Libc.FragmentSizeOffset),
        ("offsetof(struct statvfs, f_bavail)", Libc.AvailableBlocksOffset), ("FALLOC_FL_KEEP_SIZE", Libc.KeepSize),
        ("POSIX_FADV_NORMAL", (long)FileAdvice.Normal), ("POSIX_FADV_SEQUENTIAL", (long)FileAdvice.Sequential),
        ("POSIX_FADV_WILLNEED", (long)FileAdvice.WillNeed), ("POSIX_FADV_DONTNEED", (long)FileAdvice.DontNeed),
        ("F_GETFD", Libc.GetDescriptorFlags), ("F_SETFD", Libc.SetDescriptorFlags), ("F_GETFL", Libc.GetStatusFlags),
        ("F_SETFL", Libc.SetStatusFlags), ("F_DUPFD_CLOEXEC", Libc.DuplicateCloseOnExec), ("F_SETPIPE_SZ", Libc.SetPipeSize),
        ("FD_CLOEXEC", Libc.CloseOnExec), ("O_CLOEXEC", Libc.PipeCloseOnExec), ("SPLICE_F_MOVE", Libc.SpliceMove),
        ("SPLICE_F_NONBLOCK", Libc.SpliceNonBlocking), ("SPLICE_F_MORE", Libc.SpliceMore),
    ];

    private static IEnumerable<(string, long)> Memory() =>
    [
        ("PROT_READ", Libc.ProtectRead), ("PROT_WRITE", Libc.ProtectWrite), ("MAP_SHARED", Libc.MapShared),
        ("MFD_CLOEXEC", Libc.MemoryCloseOnExec), ("(long)MAP_FAILED", -1), ("MADV_NORMAL", (long)FileAdvice.Normal),
        ("MADV_SEQUENTIAL", (long)FileAdvice.Sequential), ("MADV_WILLNEED", (long)FileAdvice.WillNeed),
        ("MADV_DONTNEED", (long)FileAdvice.DontNeed),
    ];

    private static IEnumerable<(string, long)> Processes() =>
    [
        ("sizeof(struct passwd)", Libc.PasswordSize), ("offsetof(struct passwd, pw_name)", 0),
        ("offsetof(struct passwd, pw_uid)", Libc.PasswordUserOffset), ("offsetof(struct passwd, pw_gid)", Libc.PasswordGroupOffset),
        ("sizeof(struct group)", Libc.GroupSize), ("offsetof(struct group, gr_gid)", Libc.GroupIdOffset),
        ("sizeof(uid_t)", sizeof(uint)), ("sizeof(gid_t)", sizeof(uint)),
        ("SIGHUP", (long)Signal.HangUp), ("SIGINT", (long)Signal.Interrupt), ("SIGQUIT", (long)Signal.Quit),
        ("SIGABRT", (long)Signal.Abort),
        ("SIGKILL", (long)Signal.Kill), ("SIGUSR1", (long)Signal.User1), ("SIGSEGV", (long)Signal.SegmentationFault),
        ("SIGUSR2", (long)Signal.User2), ("SIGPIPE", (long)Signal.Pipe), ("SIGTERM", (long)Signal.Terminate),
        ("SIGCHLD", (long)Signal.Child),
        ("SIGCONT", (long)Signal.Continue), ("SIGSTOP", (long)Signal.Stop), ("SIGTTIN", (long)Signal.TerminalInput),
        ("SIGTTOU", (long)Signal.TerminalOutput),
        ("POSIX_SPAWN_SETSIGDEF", Libc.SpawnSetSignalDefault), ("POSIX_SPAWN_SETSIGMASK", Libc.SpawnSetSignalMask),
        ("P_PIDFD", Libc.WaitForPidfd), ("WNOHANG", Libc.WaitNoHang), ("WEXITED", Libc.WaitExited), ("CLD_EXITED", Libc.ChildExited),
        ("sizeof(siginfo_t)", Libc.SignalInfoSize), ("offsetof(siginfo_t, si_code)", Libc.SignalInfoCodeOffset),
        ("offsetof(siginfo_t, si_pid)", Libc.SignalInfoProcessOffset), ("offsetof(siginfo_t, si_status)", Libc.SignalInfoStatusOffset),
        ("RLIMIT_NOFILE", Libc.LimitOpenFiles), ("sizeof(struct rlimit)", sizeof(ResourceLimit)),
        ("offsetof(struct rlimit, rlim_max)", sizeof(ulong)),
        ("SYS_pidfd_send_signal", SystemCall.PidfdSendSignal), ("SYS_pidfd_open", SystemCall.PidfdOpen),
        ("SYS_openat2", SystemCall.OpenAt2), ("SYS_getdents64", SystemCall.GetDents64),
        ("SYS_renameat2", SystemCall.RenameAt2), ("SYS_statx", SystemCall.StatX),
    ];

    private static IEnumerable<(string, long)> Option(string level, string name, SocketOption option) =>
        [(level, option.Level), (name, option.Name)];

    private static long Native(OpenFlags flags) => Libc.NativeOpenFlags(flags);

    private static long Offset<T>(string field) where T : unmanaged => Marshal.OffsetOf<T>(field);
}
