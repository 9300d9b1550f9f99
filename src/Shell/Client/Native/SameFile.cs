using Trainyard.Core.Protocol;

namespace Trainyard.Shell.Client.Native;

/// <summary>Whether the two sides have the same file already: size and time first, since they cost little, then the digest.</summary>
internal static class SameFile
{
    /// <summary>Looks at the server for a local file.</summary>
    /// <returns>The result of an upload that has nothing to do; <c>null</c> where there is something.</returns>
    /// <exception cref="TransferException">The server does not answer.</exception>
    public static TransferResult? AtServer(
        Call call, Attempts attempts, IUploadSource source, TrainPath path, DigestAlgorithm algorithm, long modified)
    {
        try
        {
            var entry = attempts.Run(session => session.Ask<Message.StatAnswer>(new Message.Stat(path.Remote), session.Name(path))).Entry;
            if (entry.Kind != EntryKind.File || entry.Size != source.Size || entry.Modified != modified)
                return null;
            return Compare(call, attempts, source, path, algorithm, entry.Identity);
        }
        catch (TransferException failure) when (failure.Reason is TransferFailure.NotFound or TransferFailure.Changed)
        {
            return null;
        }
    }

    /// <summary>Compares digests.</summary>
    /// <returns>The result of a transfer that has nothing to do; <c>null</c> where they differ.</returns>
    public static TransferResult? Compare(
        Call call, Attempts attempts, IUploadSource local, TrainPath path, DigestAlgorithm algorithm, Opaque identity)
    {
        var request = new Message.Hash(path.Remote!, default, algorithm.OnTheWire(), 0, identity);
        var answer = attempts.Run(session =>
        {
            session.Ask(request);
            session.Flush();
            // Both sides compute at the same time.
            var mine = Digest(local, algorithm);
            var step = session.Next(out _);
            return step.Message switch
            {
                Message.HashAnswer theirs => theirs.Digest.Span.SequenceEqual(mine) ? theirs : null,
                Message.Error(var failure) => throw NativeFailure.Of(session.Name(path), failure),
                _ => null,
            };
        });
        return answer is null ? null
            : new(answer.Size, 0, 0, algorithm, Convert.ToHexStringLower(answer.Digest.Span), new(identity), attempts.Repeated, call.Elapsed);
    }

    /// <summary>The digest of all bytes of a source.</summary>
    public static byte[] Digest(IUploadSource source, DigestAlgorithm algorithm)
    {
        using var digester = new Digester(algorithm);
        var buffer = GC.AllocateUninitializedArray<byte>(256 * 1024);
        for (long position = 0; source.Read(position, buffer) is > 0 and var count; position += count)
            digester.Append(buffer.AsSpan(0, count));
        return digester.FinishBytes();
    }
}
