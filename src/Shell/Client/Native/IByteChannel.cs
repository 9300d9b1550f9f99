using System.Runtime.InteropServices;
using Trainyard.Shell.Linux;

namespace Trainyard.Shell.Client.Native;

/// <summary>A stream of bytes in both directions that never blocks but in <see cref="Wait"/>. Used by one thread at a time.</summary>
internal interface IByteChannel : IDisposable
{
    /// <summary>Whether <see cref="SendFile"/> can be used.</summary>
    bool CanSendFile { get; }

    /// <summary>Takes bytes that have arrived.</summary>
    /// <returns>How many, 0 at the end of the stream; or would block, connection reset, ...</returns>
    IoResult Receive(Span<byte> buffer);

    /// <summary>Sends bytes.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="more">More follows at once: a partial segment may wait for it.</param>
    /// <returns>How many were taken; or would block, broken pipe, ...</returns>
    IoResult Send(ReadOnlySpan<byte> bytes, bool more);

    /// <summary>Sends bytes of a file without touching them.</summary>
    /// <returns>How many were taken, 0 behind the end of the file; or would block, broken pipe, ...</returns>
    IoResult SendFile(FileDescriptor file, long offset, long count);

    /// <summary>Waits until bytes can be received or sent, somebody makes <paramref name="wake"/> readable, or the time is over.</summary>
    /// <param name="interest"><see cref="PollEvents.Readable"/>, <see cref="PollEvents.Writable"/> or both.</param>
    /// <param name="wake">What else ends the wait.</param>
    /// <param name="timeoutMs">Milliseconds; -1 is no limit.</param>
    /// <returns>What the stream is ready for, and whether <paramref name="wake"/> is readable; neither when the time is over.</returns>
    (PollEvents Ready, bool Woken) Wait(PollEvents interest, SafeHandle wake, int timeoutMs);
}
