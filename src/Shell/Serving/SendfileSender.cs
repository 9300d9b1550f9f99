using Trainyard.Shell.Linux;

namespace Trainyard.Shell.Serving;

/// <summary>sendfile(2) for the file's bytes: they never enter the process.</summary>
internal sealed class SendfileSender : PartSender
{
    // A longer call would keep a worker from its other connections while a fast client reads; a shorter one shows in the profile.
    private const long LongestCall = 4 * 1024 * 1024;

    /// <inheritdoc/>
    public override void Dispose() { }

    /// <inheritdoc/>
    protected override SendResult SendPart(Descriptor socket, FileDescriptor file, long offset, long count, bool isLast) =>
        Libc.SendFile(socket, file, offset, Math.Min(LongestCall, count)) switch
        {
            { IsOk: true, Count: 0 } => SendResult.Shrunk(offset),
            { Error: Errno.InputOutput } failed => SendResult.ReadFailed(failed.Error),
            var sent => SendResult.OfSocket(sent),
        };
}
