using Trainyard.Shell.Linux;

namespace Trainyard.Shell.Serving;

/// <summary>
/// splice(2) from the file into a pipe and from there into the socket, which is what sendfile(2) does with a pipe of its own. What a full socket leaves stays in
/// the pipe and goes first the next time.
/// </summary>
internal sealed class SpliceSender : PartSender
{
    // Pages of the file, not copies of them. 64 KiB, the default, costs sixteen times the calls.
    private const int PipeBytes = 1024 * 1024;

    private PipeEnd? _out;
    private PipeEnd? _in;
    private long _offset;
    private long _held;

    /// <inheritdoc/>
    public override void Dispose()
    {
        _out?.Dispose();
        _in?.Dispose();
    }

    /// <inheritdoc/>
    protected override SendResult SendPart(Descriptor socket, FileDescriptor file, long offset, long count, bool isLast)
    {
        if (_held == 0 && Fill(file, offset, Math.Min(count, PipeBytes)) is { } failure)
            return failure;
        // Only this sender moves the response on, so that it goes on where the pipe does.
        System.Diagnostics.Debug.Assert(offset == _offset && _held <= count);
        var sent = Libc.Splice(_out!, null, socket, null, _held, more: !isLast || _held < count);
        if (sent.IsOk)
        {
            _offset += sent.Count;
            _held -= sent.Count;
        }
        return SendResult.OfSocket(sent);
    }

    private SendResult? Fill(FileDescriptor file, long offset, long count)
    {
        if (_in is null && !TryOpenPipe(out var error))
            return SendResult.ReadFailed(error);
        var taken = Libc.Splice(file, offset, _in!, null, count);
        if (!taken.IsOk)
            return SendResult.ReadFailed(taken.Error);
        if (taken.Count == 0)
            return SendResult.Shrunk(offset);
        (_offset, _held) = (offset, taken.Count);
        return null;
    }

    private bool TryOpenPipe(out Errno error)
    {
        error = Errno.None;
        try
        {
            (_out, _in) = Libc.CreatePipe();
            _ = Libc.ResizePipe(_in, PipeBytes);
            return true;
        }
        catch (NativeException failure)
        {
            error = failure.Error;
            return false;
        }
    }
}
