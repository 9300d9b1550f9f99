using Trainyard.Shell.Linux;

namespace Trainyard.Shell.Client.Native;

/// <summary>A stream of the caller's, from where it stands to its end. Stays open.</summary>
internal sealed class StreamSource(Stream stream) : IUploadSource
{
    private readonly long _start = stream.CanSeek ? stream.Position : 0;
    private long _read;

    /// <inheritdoc/>
    public long? Size { get; } = stream.CanSeek ? Math.Max(0, stream.Length - stream.Position) : null;

    /// <inheritdoc/>
    public bool CanRepeat => stream.CanSeek;

    /// <inheritdoc/>
    public FileDescriptor? File => null;

    /// <inheritdoc/>
    public int Read(long offset, Span<byte> buffer)
    {
        try
        {
            if (offset != _read)
                stream.Position = _start + offset;
            var count = stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
            _read = offset + count;
            return count;
        }
        catch (Exception failure) when (failure is IOException or NotSupportedException or ObjectDisposedException)
        {
            throw new TransferException(TransferFailure.LocalIO, $"the stream cannot be read: {failure.Message}", failure);
        }
    }

    /// <inheritdoc/>
    public bool IsUnchanged() => true;

    /// <inheritdoc/>
    public void Dispose() { }
}
