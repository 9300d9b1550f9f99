using Trainyard.Core.Custody;
using Trainyard.Core.Protocol;
using Trainyard.Shell.Storage;

namespace Trainyard.Shell.Serving.Native;

/// <summary>Finds what became of a small upload whose worker died while its file got the name. Names are brought to the disk for that, on another thread.</summary>
internal sealed class CommitRestoration : IAnswer
{
    private readonly JournalAnswer.Commit _commit;
    private readonly Task<Message.Committed?> _finding;

    /// <summary>Begins.</summary>
    /// <param name="tree">What is served.</param>
    /// <param name="commit">What was journalled of it.</param>
    /// <param name="done">Called, on another thread, when it is known.</param>
    public CommitRestoration(ServedTree tree, JournalAnswer.Commit commit, Action done)
    {
        _commit = commit;
        _finding = Task.Run(() => tree.FindCommitted(commit));
        _finding.GetAwaiter().OnCompleted(done);
    }

    /// <inheritdoc/>
    public AnswerTurn Advance(SessionWire wire)
    {
        if (!_finding.IsCompleted)
            return AnswerTurn.Working;
        var found = _finding.GetAwaiter().GetResult();
        if (Recovery.Judge(_commit, 0, found is null ? default : _commit.Stored) == AnswerVerdict.SayCommitted)
            wire.SayInstead(_commit.OwesGo ? [NativeDriver.GoAhead, found!] : [found!]);
        else
            wire.SayInstead(Failure.Of(ErrorCode.Interrupted, "what came of the upload is lost, send it again"));
        return AnswerTurn.Done;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
