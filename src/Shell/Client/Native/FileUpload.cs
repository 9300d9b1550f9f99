using System.Diagnostics;
using Trainyard.Core.Protocol;

namespace Trainyard.Shell.Client.Native;

/// <summary>
/// One upload. A break is mended by going on where the server says it stands, with the token that it gave. FIN covers the bytes that were sent
/// since; the digest of the whole file is compared when it is committed.
/// </summary>
internal sealed partial class FileUpload : IDisposable
{
    // A file of no more is sent with its request, without waiting for GO.
    internal const int EagerBytes = 256 * 1024;
    // What the server keeps of shorter ones is not worth a journal.
    private const int LeastKept = 4 * 1024 * 1024;

    private readonly Call _call;
    private readonly Attempts _attempts;
    private readonly TrainPath _path;
    private readonly IUploadSource _source;
    private readonly DigestAlgorithm _algorithm;
    private readonly UploadJournal? _journal;
    private readonly TrainSender _sender;
    private readonly Func<TransferProgress> _progress;
    private Message.Put _put;
    private long _resumed;
    private byte[]? _finished;

    /// <summary>Begins one.</summary>
    /// <param name="call">The call that it belongs to.</param>
    /// <param name="attempts">Where the tries are counted.</param>
    /// <param name="source">The bytes; stays the caller's.</param>
    /// <param name="put">What to ask for, without token.</param>
    /// <param name="journal">Where the token is kept beyond this process; <c>null</c> is nowhere.</param>
    public FileUpload(Call call, Attempts attempts, IUploadSource source, Message.Put put, UploadJournal? journal)
    {
        _call = call;
        _attempts = attempts;
        _source = source;
        _put = put;
        _path = new(put.Path);
        _algorithm = put.Algorithm!.Value.ForCallers();
        _journal = source.Size >= LeastKept ? journal : null;
        _progress = () => new(_sender!.Position, _source.Size) { Resumed = _resumed, Reconnects = _attempts.Repeated };
        _sender = new(source, _algorithm, Sent);
    }

    /// <summary>Told how far it is, instead of the call's own watcher: for a file of a set.</summary>
    public Action<long>? Moving { get; init; }

    /// <summary>Runs it on the calling thread.</summary>
    /// <exception cref="TransferException">The server does not have the whole file.</exception>
    public TransferResult Run()
    {
        _put = _put with { ResumeToken = _journal?.Read() ?? default };
        try
        {
            var committed = _attempts.Run(Try);
            _journal?.Remove();
            if (Moving is null)
                _call.Tell(_progress, isEnd: true);
            return new(
                _source.Size ?? _sender.Position,
                _sender.Moved,
                _resumed,
                _algorithm,
                Convert.ToHexStringLower(committed.Digest.Span),
                new(committed.Identity),
                _attempts.Repeated,
                _call.Elapsed);
        }
        catch (TransferException failure) when (failure.IsRetryable && _journal is not null && !_put.ResumeToken.IsEmpty)
        {
            throw new TransferException(failure.Reason, failure.Message, failure) { IsRetryable = true, RetryAfter = failure.RetryAfter, CanResume = true };
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _sender.Dispose();

    private Message.Committed Try(NativeSession session)
    {
        // The last session broke behind FIN: the file may be stored already, and conditions on what was there before would no longer hold.
        if (_finished is { } digest && IsStored(session, digest) is { } stored)
            return stored;
        var isEager = _source.Size <= EagerBytes && _put.ResumeToken.IsEmpty;
        _put = _put with { Eager = isEager };
        session.Ask(_put);
        return isEager ? Eagerly(session) : AfterGo(session);
    }

    private Message.Committed Eagerly(NativeSession session)
    {
        _sender.Begin(0);
        var trainSize = Math.Min(_source.Size is > 0 and var size ? (int)size : 1, session.Limits.MaximumTrain);
        while (_sender.SendTrain(session, trainSize))
        {
        }
        Finish(session);
        var step = session.Next(out _);
        if (step.Action != ClientAction.Refused)
            step = session.Next(out _);
        return Committed(session, step);
    }

    private Message.Committed AfterGo(NativeSession session)
    {
        var step = session.Next(out _);
        if (IsTokenSpent(step))
            return WithoutToken(session, step);
        if (step.Message is not Message.Go go)
            return Committed(session, step);
        if (go.Token != _put.ResumeToken && !go.Token.IsEmpty)
            _journal?.Write(go.Token);
        _put = _put with { ResumeToken = go.Token };
        // Whatever is there beyond what this process has sent came from an earlier one.
        if (_sender.Moved == 0)
            _resumed = go.Offset;
        _sender.Begin(go.Offset);
        var trainSize = Math.Min(go.TrainSize, session.Limits.MaximumTrain);
        while (_sender.SendTrain(session, trainSize))
        {
            if (!session.TryNext(out step))
                continue;
            // The upload is over for the server, but it listens until we say so, too.
            session.EndUpload(new Message.Error(Failure.Of(ErrorCode.Interrupted)));
            session.Flush();
            return Committed(session, step);
        }
        Finish(session);
        return Committed(session, session.Next(out _));
    }

    private void Finish(NativeSession session)
    {
        if (_source.IsUnchanged() && _sender.Position == (_source.Size ?? _sender.Position))
        {
            var (sent, digest) = _sender.Finish();
            session.EndUpload(new Message.Fin(sent, new(digest)));
            _finished = _sender.WholeDigest;
            return;
        }
        session.EndUpload(new Message.Error(Failure.Of(ErrorCode.Changed)));
        session.Flush();
        // What the server has is of no use any more.
        _journal?.Remove();
        throw NativeFailure.Changed(_path.Display);
    }

    private Message.Committed Committed(NativeSession session, ClientStep step)
    {
        if (step.Action == ClientAction.Refused)
        {
            var failure = NativeFailure.Of(session.Name(_path), ((Message.Error)step.Message!).Failure);
            if (!failure.IsRetryable)
                _journal?.Remove();
            throw failure;
        }
        var committed = step.Message as Message.Committed ?? throw new UnreachableException($"{step.Action} {step.Message}");
        if (committed.Digest.Span.SequenceEqual(_sender.WholeDigest))
            return committed;
        // Something else stands there now; the next try begins at the first byte and replaces just that.
        _journal?.Remove();
        _finished = null;
        _put = _put with { ResumeToken = default, NoClobber = false, IfIdentity = committed.Identity };
        throw NativeFailure.Damaged(session.Name(_path));
    }

    private void Sent()
    {
        _attempts.Progressed();
        if (Moving is null)
            _call.Tell(_progress);
        else
            Moving(_sender.Position);
    }
}
