using Trainyard.Core.Protocol;

namespace Trainyard.Properties.Protocol.Sessions;

/// <summary>What a script comes to where nothing goes wrong on the way: the same requests, carried out one after the other without any session.</summary>
internal sealed class ExpectedOutcomes
{
    private readonly SessionScript _script;

    internal ExpectedOutcomes(SessionScript script)
    {
        _script = script;
        Outcomes = [.. script.Tasks.Select(Of)];
    }

    internal ModelTree Tree { get; } = new();

    internal string[] Outcomes { get; }

    private HashAlgorithm Session => _script.Hashes[0];

    private string Of(SessionTask task) =>
        Tree.Refusal(task.Request) is { } failure ? Text(failure)
        : task.Request is Message.Put put ? Upload(task, put)
        : task.RefuseAt is not null ? Text(ModelServer.Whim)
        : task.Request is Message.Get get ? Download(get)
        : task.Request is Message.List list ? Wire.Text(Tree.List(list))
        : Wire.Text(Tree.Do(task.Request, Session));

    private string Download(Message.Get get) =>
        Wire.Text(Tree.Describe(get.Path, Math.Min(_script.TrainSize, _script.Client.MaximumTrain), get.Algorithm ?? Session), Tree.Content(get.Path, get.Range));

    private string Upload(SessionTask task, Message.Put put)
    {
        var size = task.Content.Length - (put.ResumeToken.IsEmpty ? 0 : task.Stored);
        var sent = Math.Min(size, task.GiveUpAt ?? size);
        if (task.RefuseAt <= sent)
            return Text(ModelServer.Whim);
        if (task.GiveUpAt <= size)
            return Text(Failure.Of(ErrorCode.Interrupted));
        if (task.WrongDigest)
            return Text(Failure.Of(ErrorCode.Integrity));
        Tree.Store(put, task.Content);
        return Wire.Text(new Message.Committed(Wire.Identity(task.Content), Wire.Digest(put.Algorithm ?? Session, task.Content)));
    }

    private static string Text(Failure failure) => Wire.Text(new Message.Error(failure));
}
