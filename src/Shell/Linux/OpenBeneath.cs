namespace Trainyard.Shell.Linux;

/// <summary>Opens files below a directory that no path, however made, can leave.</summary>
/// <remarks>
/// openat2(2) with RESOLVE_BENEATH where the kernel has it (Linux 5.6), else a walk over the components. They differ in two points, where
/// the walk is the stricter one: it follows no symbolic link at all, and it refuses every ".." component.
/// </remarks>
internal static class OpenBeneath
{
    private const byte Separator = (byte)'/';

    private static volatile bool _kernelCannot;

    /// <summary>Opens a path below <paramref name="root"/>.</summary>
    /// <param name="root">The directory to stay in.</param>
    /// <param name="path">Relative, with "/" separators, without a terminating zero.</param>
    /// <param name="flags">How.</param>
    /// <param name="mode">Permissions of a file that is made, before the umask.</param>
    /// <returns>As <see cref="Libc.Open"/>; a path that would leave gives <see cref="Errno.CrossDevice"/>.</returns>
    internal static DescriptorResult<FileDescriptor> Open(FileDescriptor root, ReadOnlySpan<byte> path, OpenFlags flags, uint mode = 0)
    {
        if (_kernelCannot)
            return Walk(root, path, flags, mode);
        var opened = ByKernel(root, path, flags, mode);
        if (opened.Error != Errno.NotImplemented)
            return opened;
        _kernelCannot = true;
        return Walk(root, path, flags, mode);
    }

    /// <summary>The kernel's way.</summary>
    /// <returns>As <see cref="Open"/>; <see cref="Errno.NotImplemented"/> before Linux 5.6.</returns>
    internal static DescriptorResult<FileDescriptor> ByKernel(
        FileDescriptor root, ReadOnlySpan<byte> path, OpenFlags flags, uint mode = 0) =>
        Libc.OpenResolved(root, path, flags, mode, ResolveFlags.Beneath | ResolveFlags.NoMagicLinks);

    /// <summary>The way without openat2: one component at a time, never through a link.</summary>
    /// <returns>
    /// As <see cref="Open"/>; a symbolic link gives <see cref="Errno.TooManySymbolicLinks"/> at the end of the path and
    /// <see cref="Errno.NotDirectory"/> before it.
    /// </returns>
    internal static DescriptorResult<FileDescriptor> Walk(FileDescriptor root, ReadOnlySpan<byte> path, OpenFlags flags, uint mode = 0)
    {
        if (path.IsEmpty)
            return new(Errno.NoEntry);
        if (path[0] == Separator)
            return new(Errno.CrossDevice);

        var directory = root;
        try
        {
            while (true)
            {
                var end = path.IndexOf(Separator);
                var rest = end < 0 ? [] : path[end..].TrimStart(Separator);
                var component = end < 0 ? path : path[..end];
                if (component.SequenceEqual(".."u8))
                    return new(Errno.CrossDevice);
                if (rest.IsEmpty)
                    return OpenLast(directory, component, end < 0 ? flags : flags | OpenFlags.Directory, mode);

                var next = Libc.Open(directory, component, OpenFlags.Path | OpenFlags.Directory | OpenFlags.NoFollow);
                if (!next.IsOk)
                    return next;
                Release(directory, root);
                directory = next.Descriptor;
                path = rest;
            }
        }
        finally
        {
            Release(directory, root);
        }
    }

    private static DescriptorResult<FileDescriptor> OpenLast(
        FileDescriptor directory, ReadOnlySpan<byte> component, OpenFlags flags, uint mode)
    {
        var opened = Libc.Open(directory, component, flags | OpenFlags.NoFollow, mode);
        // O_PATH with O_NOFOLLOW opens a link itself instead of refusing it.
        if (!opened.IsOk || !flags.HasFlag(OpenFlags.Path) || Libc.Status(opened.Descriptor).Type != FileType.SymbolicLink)
            return opened;
        opened.Descriptor.Dispose();
        return new(Errno.TooManySymbolicLinks);
    }

    private static void Release(FileDescriptor directory, FileDescriptor root)
    {
        if (!ReferenceEquals(directory, root))
            directory.Dispose();
    }
}
