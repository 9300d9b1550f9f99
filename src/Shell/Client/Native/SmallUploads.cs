using Trainyard.Core.Framing;
using Trainyard.Core.Protocol;

namespace Trainyard.Shell.Client.Native;

/// <summary>
/// Small files one behind the other: each leaves with its request, without waiting for GO, and answers are read while others are sent. How much is
/// on its way is bounded, by the server's limit of requests and in bytes.
/// </summary>
internal sealed class SmallUploads(Attempts attempts, LocalTree tree, Func<LocalEntry, Message.Put> put, TreeTally tally) : IDisposable
{
    private const int MostInFlight = 8 * 1024 * 1024;
    private const int MostUnsent = 512 * 1024;

    private readonly Queue<(Turn Turn, int Bytes, byte[] Digest)> _sent = [];
    private readonly Stack<Turn> _again = [];
    private readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(FileUpload.EagerBytes + 1);
    private Digester? _digester;
    private int _inFlight;

    /// <summary>Uploads all that <paramref name="next"/> gives, until it gives none.</summary>
    /// <exception cref="TransferException">The server is lost.</exception>
    public void Run(Func<LocalEntry?> next) => attempts.Run(session => Try(session, next));

    /// <inheritdoc/>
    public void Dispose() => _digester?.Dispose();

    private bool Try(NativeSession session, Func<LocalEntry?> next)
    {
        // What the last session left open is sent once more.
        while (_sent.TryDequeue(out var open))
        {
            tally.Moved(-open.Bytes, null);
            _again.Push(open.Turn);
        }
        _inFlight = 0;
        while (true)
        {
            while (session.MayAsk && _inFlight < MostInFlight && Next(next) is { } turn)
            {
                Send(session, turn);
                if (session.Unsent > MostUnsent)
                    session.Flush();
            }
            if (_sent.Count == 0)
                return true;
            session.Flush();
            Take(session.Next(out _));
        }
    }

    private Turn? Next(Func<LocalEntry?> next) => _again.TryPop(out var turn) ? turn : next() is { } entry ? new(entry, 0) : null;

    private void Send(NativeSession session, Turn turn)
    {
        var entry = turn.Entry;
        int count;
        try
        {
            using var source = FileSource.Open(tree, entry.Path);
            // Whether it has become longer since, its time of modification tells.
            count = source.Read(0, _buffer.AsSpan(0, (int)Math.Min(source.Size!.Value, _buffer.Length)));
            if (source.Size != entry.Status.Size || count != entry.Status.Size || !source.IsUnchanged())
                throw NativeFailure.Changed(tree.NameOf(entry.Path));
        }
        catch (TransferException failure)
        {
            tally.Failed(entry.Path, failure);
            return;
        }
        var request = put(entry) with { Eager = true };
        _digester ??= new(request.Algorithm!.Value.ForCallers());
        var content = _buffer.AsSpan(0, count);
        _digester.Append(content);
        var digest = _digester.FinishBytes();
        session.Ask(request);
        while (!content.IsEmpty)
        {
            var train = content[..Math.Min(content.Length, session.Limits.MaximumTrain)];
            TrainCodec.TryEncode(TrainHeader.FromWord((uint)train.Length), session.QueueBytes(TrainHeader.Size));
            train.CopyTo(session.QueueBytes(train.Length));
            content = content[train.Length..];
        }
        session.EndUpload(new Message.Fin(count, new(digest)));
        _sent.Enqueue((turn, count, digest));
        _inFlight += count;
        tally.Moved(count, entry.Path);
    }

    private void Take(ClientStep step)
    {
        if (step.Message is Message.Go)
            return;
        var (turn, bytes, digest) = _sent.Dequeue();
        var entry = turn.Entry;
        _inFlight -= bytes;
        attempts.Progressed();
        switch (step.Message)
        {
            case Message.Committed committed when committed.Digest.Span.SequenceEqual(digest):
                tally.File(bytes);
                break;
            // The server's worker died with it, as with its neighbours: the session goes on with another one, and this file begins anew.
            case Message.Error({ Code: ErrorCode.Interrupted }) when turn.Interrupted < attempts.Retries:
                tally.Moved(-bytes, null);
                _again.Push(turn with { Interrupted = turn.Interrupted + 1 });
                break;
            case Message.Error({ Code: ErrorCode.Exists }) when ((Message.Put)step.Request!).NoClobber:
                tally.Skipped(0);
                break;
            case Message.Error(var failure):
                tally.Failed(entry.Path, NativeFailure.Of(tree.NameOf(entry.Path), failure));
                break;
            default:
                tally.Failed(entry.Path, NativeFailure.Damaged(tree.NameOf(entry.Path)));
                break;
        }
    }

    /// <summary>A file, and how often the server's worker has died with it.</summary>
    private sealed record Turn(LocalEntry Entry, int Interrupted);
}
