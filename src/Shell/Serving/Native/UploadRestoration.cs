using Trainyard.Core.Custody;
using Trainyard.Core.Protocol;
using Trainyard.Shell.Storage;

namespace Trainyard.Shell.Serving.Native;

/// <summary>Finds what there is of an upload whose worker is gone. Reading it again may take long, so that it is done on another thread.</summary>
internal sealed class UploadRestoration : IAnswer
{
    private readonly Task<RestoredUpload> _finding;
    private bool _isTaken;

    /// <summary>Begins.</summary>
    /// <param name="tree">What is served.</param>
    /// <param name="upload">What was journalled of it.</param>
    /// <param name="algorithm">The session's algorithm.</param>
    /// <param name="done">Called, on another thread, when it is found or not.</param>
    public UploadRestoration(ServedTree tree, JournalIntake.Upload upload, HashAlgorithm algorithm, Action done)
    {
        Upload = upload;
        _finding = Task.Run(() => tree.RestoreUpload(upload, algorithm));
        _finding.GetAwaiter().OnCompleted(done);
    }

    /// <summary>What was journalled of it.</summary>
    public JournalIntake.Upload Upload { get; }

    /// <summary>What there is; once it is done.</summary>
    public UploadFound Found => Result.Found;

    /// <summary>The answer, where it was committed.</summary>
    public Message.Committed? Committed => Result.Committed;

    /// <summary>Why it cannot be gone on with, where that is known.</summary>
    public Failure? Failure => Result.Failure;

    private RestoredUpload Result => _finding.GetAwaiter().GetResult();

    /// <summary>The upload, where there is one; the caller's from now on.</summary>
    public Upload? TakeUpload()
    {
        _isTaken = true;
        return Result.Upload;
    }

    /// <inheritdoc/>
    public AnswerTurn Advance(SessionWire wire) => _finding.IsCompleted ? AnswerTurn.Done : AnswerTurn.Working;

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_isTaken)
            _ = _finding.ContinueWith(
                static finding => finding.Result.Upload?.Dispose(),
                CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously | TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);
    }
}
