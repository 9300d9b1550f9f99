using Trainyard.Core.Protocol;

namespace Trainyard.Shell.Client.Native;

/// <content>The last answer of an upload may be lost, with the connection or with this process, when the file is stored already.</content>
internal sealed partial class FileUpload
{
    // Nothing is there for the token, or a condition that held before: maybe the upload was stored after its last session broke.
    private bool IsTokenSpent(ClientStep step) =>
        !_put.ResumeToken.IsEmpty && step.Message switch
        {
            Message.Go go => go.Offset == 0,
            Message.Error(var failure) => failure.Code is ErrorCode.Exists or ErrorCode.Changed,
            _ => false,
        };

    private Message.Committed WithoutToken(NativeSession session, ClientStep step)
    {
        if (step.Action != ClientAction.Refused)
        {
            session.EndUpload(new Message.Error(Failure.Of(ErrorCode.Interrupted)));
            session.Flush();
            _ = session.Next(out _);
        }
        _put = _put with { ResumeToken = default };
        return WasStored(session) ?? Try(session);
    }

    private Message.Committed? WasStored(NativeSession session)
    {
        try
        {
            var entry = session.Ask<Message.StatAnswer>(new Message.Stat(_put.Path), session.Name(_path)).Entry;
            return entry.Kind == EntryKind.File && entry.Size == _source.Size && entry.Modified == _put.Modified
                ? IsStored(session, SameFile.Digest(_source, _algorithm))
                : null;
        }
        catch (TransferException failure) when (failure.Reason == TransferFailure.NotFound)
        {
            return null;
        }
    }

    private Message.Committed? IsStored(NativeSession session, byte[] digest)
    {
        _finished = null;
        try
        {
            var answer = session.Ask<Message.HashAnswer>(new Message.Hash(_put.Path, default, _put.Algorithm, 0, default), session.Name(_path));
            return answer.Digest.Span.SequenceEqual(digest) && answer.Size == (_source.Size ?? _sender.Position) ? new(answer.Identity, answer.Digest) : null;
        }
        catch (TransferException failure) when (failure.Reason == TransferFailure.NotFound)
        {
            return null;
        }
    }
}
