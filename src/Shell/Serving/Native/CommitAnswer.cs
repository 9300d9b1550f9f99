using Trainyard.Core.Protocol;
using Trainyard.Shell.Storage;

namespace Trainyard.Shell.Serving.Native;

/// <summary>The end of an upload: fsync(2) may take seconds, so it waits on a thread of its own while this one serves others.</summary>
internal sealed class CommitAnswer : IAnswer
{
    private readonly Upload _upload;
    private readonly Task<StoreResult<Message.Committed>> _commit;

    /// <summary>Begins to store <paramref name="upload"/>, which it owns.</summary>
    /// <param name="upload">All of its bytes have been written.</param>
    /// <param name="fin">What the client says of them.</param>
    /// <param name="done">Called, on another thread, when it is stored or not.</param>
    public CommitAnswer(Upload upload, Message.Fin fin, Action done)
    {
        _upload = upload;
        _commit = Task.Run(() => upload.Commit(fin.Total, fin.Digest));
        _commit.GetAwaiter().OnCompleted(done);
    }

    /// <inheritdoc/>
    public AnswerTurn Advance(SessionWire wire)
    {
        if (!_commit.IsCompleted)
            return AnswerTurn.Working;
        var result = _commit.GetAwaiter().GetResult();
        if (result.Value is { } committed && wire.Say(committed) is null)
            return AnswerTurn.Done;
        wire.Say(result.Failure ?? Failure.Of(ErrorCode.Internal));
        return AnswerTurn.Refused;
    }

    /// <inheritdoc/>
    public void Dispose() => _ = _commit.ContinueWith(
        static (_, upload) => ((Upload)upload!).Dispose(), _upload, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
}
