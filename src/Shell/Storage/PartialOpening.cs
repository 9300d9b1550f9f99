using System.Buffers.Binary;
using Trainyard.Core.Transfer;
using Trainyard.Shell.Linux;

namespace Trainyard.Shell.Storage;

/// <summary>Finds or makes the two files of a transfer under way, and becomes their owner.</summary>
/// <remarks>
/// Both names may be renamed or removed by an older owner or by <see cref="StalePartials"/> until the map is locked alone and the file shared, so
/// only after that are the names looked at once more; where they have moved on, all begins again. The file stays locked, shared, as long as it is
/// open: that is how those who clear away see that it is in use.
/// </remarks>
internal static class PartialOpening
{
    private const int Attempts = 100;

    /// <summary>Opens both.</summary>
    /// <param name="directory">Where they lie.</param>
    /// <param name="key">What they are called after.</param>
    /// <param name="layout">What the map has to be of; else all begins anew.</param>
    /// <param name="mode">Permissions of a file that is made, before the umask.</param>
    public static PartialOpened Open(FileDescriptor directory, string key, ResumeLayout layout, uint mode)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var opened = Try(directory, PartialNames.Part(key), PartialNames.Map(key), layout, mode);
            if (opened.Error != Errno.WouldBlock)
                return opened;
            Thread.Sleep(1);
        }
        return new(Errno.Busy);
    }

    private static PartialOpened Try(FileDescriptor directory, byte[] partName, byte[] mapName, ResumeLayout layout, uint mode)
    {
        var map = OpenFile(directory, mapName, Permissions.OwnerOnly);
        if (!map.IsOk)
            return new(map.Error);
        var part = new DescriptorResult<FileDescriptor>(Errno.WouldBlock);
        var owner = PartialMap.NewOwner();
        var result = Announce(map.Descriptor, owner);
        if (result == Errno.None)
            result = FileLock.Take(map.Descriptor, exclusive: true);
        if (result == Errno.None && !IsStillNamed(directory, mapName, map.Descriptor))
            result = Errno.WouldBlock;
        if (result == Errno.None)
            result = (part = OpenFile(directory, partName, mode)).Error;
        if (result == Errno.None)
            result = Libc.TryLock(part.Descriptor!, exclusive: false);
        if (result == Errno.None && !IsStillNamed(directory, partName, part.Descriptor!))
            result = Errno.WouldBlock;
        var claimed = ResumeMap.Empty(layout);
        if (result == Errno.None)
            result = Claim(map.Descriptor, part.Descriptor!, layout, owner, out claimed);
        if (result == Errno.None)
        {
            Libc.Unlock(map.Descriptor);
            return new(part.Descriptor!, new PartialMap(map.Descriptor, owner), claimed);
        }
        map.Descriptor.Dispose();
        part.Descriptor?.Dispose();
        return new(result);
    }

    /// <summary>Tells those who write now that their present turn is their last, so that the lock is free soon.</summary>
    private static Errno Announce(FileDescriptor map, ulong owner) =>
        Libc.Status(map).Size >= ResumeMapCodec.HeaderLength ? WriteOwner(map, owner) : Errno.None;

    private static Errno Claim(FileDescriptor map, FileDescriptor part, ResumeLayout layout, ulong owner, out ResumeMap claimed)
    {
        var file = new byte[(int)Math.Min(Libc.Status(map).Size, ResumeMapCodec.MaximumLength)];
        var read = Libc.ReadAt(map, file, 0);
        claimed = ResumeMap.Empty(layout);
        if (!read.IsOk)
            return read.Error;
        if (ResumeMapCodec.Decode(file.AsSpan(0, (int)read.Count), layout).Case is ResumeMap found)
        {
            claimed = found;
            return WriteOwner(map, owner);
        }
        // The map first: it must never claim blocks of what the file is about to become.
        var error = Libc.Truncate(map, 0);
        if (error == Errno.None)
            error = Libc.Truncate(part, 0);
        Span<byte> header = stackalloc byte[ResumeMapCodec.HeaderLength];
        ResumeMapCodec.EncodeHeader(layout, owner, header);
        return error == Errno.None ? Libc.WriteAt(map, header, 0).Error : error;
    }

    private static Errno WriteOwner(FileDescriptor map, ulong owner)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, owner);
        return Libc.WriteAt(map, bytes, ResumeMapCodec.OwnerOffset).Error;
    }

    private static DescriptorResult<FileDescriptor> OpenFile(FileDescriptor directory, ReadOnlySpan<byte> name, uint mode)
    {
        // Whatever else somebody has put under the name must not make us wait.
        var opened = Libc.Open(
            directory, name, OpenFlags.ReadWrite | OpenFlags.Create | OpenFlags.NoFollow | OpenFlags.NonBlocking, mode);
        if (!opened.IsOk || Libc.Status(opened.Descriptor).Type == FileType.Regular)
            return opened;
        opened.Descriptor.Dispose();
        return new(Errno.Exists);
    }

    private static bool IsStillNamed(FileDescriptor directory, ReadOnlySpan<byte> name, FileDescriptor file) =>
        Libc.StatusOf(directory, name, out var named) == Errno.None && Libc.Status(file) is var own
        && named.Inode == own.Inode && named.Device == own.Device;
}
