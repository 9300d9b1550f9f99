using Trainyard.Shell.Linux;

namespace Trainyard.Shell.Client.Native;

/// <summary>Where the bytes of an upload come from.</summary>
internal interface IUploadSource : IDisposable
{
    /// <summary>How many there are; <c>null</c> while that is not known.</summary>
    long? Size { get; }

    /// <summary>Whether bytes can be read a second time.</summary>
    bool CanRepeat { get; }

    /// <summary>The file to send from without touching its bytes; <c>null</c> where there is none.</summary>
    FileDescriptor? File { get; }

    /// <summary>Fills a buffer, less only at the end.</summary>
    /// <param name="offset">From which byte on; behind those read before, unless <see cref="CanRepeat"/>.</param>
    /// <param name="buffer">What to fill.</param>
    /// <returns>Bytes read.</returns>
    /// <exception cref="TransferException">They cannot be read.</exception>
    int Read(long offset, Span<byte> buffer);

    /// <summary>Whether all that was read belongs to one and the same content, as far as can be told.</summary>
    bool IsUnchanged();
}
