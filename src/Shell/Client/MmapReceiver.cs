using Trainyard.Shell.Linux;

namespace Trainyard.Shell.Client;

/// <summary>
/// Receives straight into a mapping of the file. This code never touches a mapped page itself, only the kernel does on its behalf: a page
/// that cannot be had (a full disk, a file cut short by somebody else) is then EFAULT here, and no SIGBUS.
/// </summary>
internal sealed unsafe class MmapReceiver : DirectReceiver
{
    // Where the size is not announced the file grows by so much at a time, and so much of it is mapped.
    private const long Window = 64L * 1024 * 1024;
    // Below this, the header that follows is taken in the same call.
    private const long SmallTrain = 64 * 1024;
    private const long LongestCall = 1024 * 1024;

    private readonly System.Runtime.InteropServices.GCHandle _header;
    private MappedRegion? _map;
    private long _mappedAt;

    /// <summary>A receiver without a mapping yet.</summary>
    public MmapReceiver() =>
        _header = System.Runtime.InteropServices.GCHandle.Alloc(new byte[Core.Framing.TrainHeader.Size], System.Runtime.InteropServices.GCHandleType.Pinned);

    /// <inheritdoc/>
    public override void Dispose()
    {
        _map?.Dispose();
        _header.Free();
    }

    /// <inheritdoc/>
    protected override void Prepare(IncomingFile file, long size)
    {
        if (size == 0)
            return;
        file.SetLength(size);
        Map(file, 0, size);
    }

    /// <inheritdoc/>
    protected override void Complete(IncomingFile file) => file.SetLength(file.Length);

    /// <inheritdoc/>
    protected override IoResult Move(ClientConnection connection, IncomingFile file, long expected)
    {
        if (_map is null || file.Length >= _mappedAt + _map.Length)
        {
            file.SetLength(file.Length + Window);
            Map(file, file.Length, Window);
        }
        var start = _map!.Start + (file.Length - _mappedAt);
        var room = Math.Min(Math.Min(expected, LongestCall), _mappedAt + _map.Length - file.Length);
        var header = (byte*)_header.AddrOfPinnedObject();
        var withHeader = room == expected && room < SmallTrain;
        Span<IoVector> vectors = [new IoVector(start, (nuint)room), new IoVector(header, withHeader ? (nuint)Core.Framing.TrainHeader.Size : 0)];
        var result = Libc.ReadScattered(connection.Socket, vectors);
        while (result.WouldBlock)
        {
            connection.WaitReadable();
            result = Libc.ReadScattered(connection.Socket, vectors);
        }
        if (result.Error == Errno.BadAddress)
            throw LocalFailure.Of("cannot write the file through its mapping", Errno.NoSpace);
        if (result.Count <= room)
            return result;
        var extra = (int)(result.Count - room);
        new ReadOnlySpan<byte>(header, extra).CopyTo(FollowingHeader.Span);
        HoldHeader(extra);
        return result with { Count = room };
    }

    private void Map(IncomingFile file, long offset, long length)
    {
        _map?.Dispose();
        var error = Libc.Map(file.Descriptor, offset, length, writable: true, out _map);
        if (_map is null)
            throw LocalFailure.Of("cannot map the file", error);
        _mappedAt = offset;
    }
}
