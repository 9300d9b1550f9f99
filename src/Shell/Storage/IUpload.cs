using Trainyard.Core.Protocol;

namespace Trainyard.Shell.Storage;

/// <summary>A file that a client is sending. For one thread at a time.</summary>
internal interface IUpload : IDisposable
{
    /// <summary>From which byte on the client sends.</summary>
    long Offset { get; }

    /// <summary>Resumes the upload should it break off; empty where it cannot be resumed.</summary>
    Opaque Token { get; }

    /// <summary>By which the file is known again, whatever its name is by then.</summary>
    Opaque Stored { get; }

    /// <summary>What another process needs to go on with the digests, that of what came and that of all; empty where none could.</summary>
    (Opaque Stream, Opaque Whole) Save();

    /// <summary>Writes the next bytes.</summary>
    /// <returns><c>null</c>; or why the upload is over. What is proven stays for a resume if that may succeed.</returns>
    Failure? Write(ReadOnlySpan<byte> bytes);

    /// <summary>Another process goes on with the upload: nothing of it is touched any more.</summary>
    void LeaveAsItIs();

    /// <summary>Ends the upload; what is proven stays for a resume.</summary>
    void Keep();

    /// <summary>Ends the upload and removes what it has brought.</summary>
    void Discard();
}
