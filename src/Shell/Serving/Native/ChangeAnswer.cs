using Trainyard.Core.Protocol;
using Trainyard.Shell.Storage;

namespace Trainyard.Shell.Serving.Native;

/// <summary>The answers to requests that change the tree in one step.</summary>
internal static class ChangeAnswer
{
    /// <summary>Does what is asked for.</summary>
    public static Message Of(ServedTree tree, Message request)
    {
        Failure? failure = request switch
        {
            Message.MakeDirectory m => tree.MakeDirectory(m.Path, m.Mode, m.Parents),
            Message.Move m => tree.Move(m.From, m.To, m.NoClobber, m.IfIdentity),
            Message.Remove m => tree.Remove(m.Path, m.IfIdentity),
            Message.MakeLink m => tree.MakeLink(m.Path, m.Target.Span, m.Modified, m.NoClobber),
            Message.SetAttributes m => tree.SetAttributes(m.Path, m.Modified, m.Mode),
            _ => Failure.Of(ErrorCode.Unsupported, "this server does not do that"),
        };
        return failure is null ? new Message.DoneAnswer(MessageCodec.KindOf(request)) : new Message.Error(failure);
    }
}
