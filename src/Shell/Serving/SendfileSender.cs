using Trainyard.Core.Textbook;
using Trainyard.Shell.Linux;

namespace Trainyard.Shell.Serving;

/// <summary>sendfile(2) for the file's bytes, a small send for what stands between them. The bytes never enter the process.</summary>
internal sealed class SendfileSender : IFileSender
{
    // A longer call would keep a worker from its other connections while a fast client reads; a shorter one shows in the profile.
    private const long LongestCall = 4 * 1024 * 1024;

    private readonly byte[] _literal = new byte[512];

    /// <inheritdoc/>
    public SendResult Send(Descriptor socket, ServedFile file, TextbookLayout layout, long from, long to)
    {
        var part = layout.PartAt(from);
        if (part.Kind == LayoutPartKind.Literal)
        {
            var length = layout.CopyLiteral(from, _literal.AsSpan(0, (int)Math.Min(_literal.Length, to - from)));
            return SendResult.OfSocket(Libc.Send(
                socket, _literal.AsSpan(0, length), from + length < layout.Length ? MessageFlags.More : MessageFlags.None));
        }
        var sent = Libc.SendFile(socket, file.Descriptor, part.FileOffset, Math.Min(LongestCall, Math.Min(part.Length, to - from)));
        return sent switch
        {
            { IsOk: true, Count: 0 } => SendResult.Shrunk(part.FileOffset),
            { Error: Errno.InputOutput } => SendResult.ReadFailed(sent.Error),
            _ => SendResult.OfSocket(sent),
        };
    }

    /// <inheritdoc/>
    public void Dispose() { }
}
