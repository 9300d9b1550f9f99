using System.Diagnostics;
using Trainyard.Core.Protocol;

namespace Trainyard.Shell.Client.Native;

/// <summary>Requests that are answered by one message.</summary>
internal static class Requests
{
    /// <summary>Asks on a session and waits for the answer.</summary>
    /// <param name="session">Without other requests on their way.</param>
    /// <param name="request">The request.</param>
    /// <param name="what">What it is about, for messages.</param>
    /// <exception cref="TransferException">It is refused, or the session is over.</exception>
    public static T Ask<T>(this NativeSession session, Message request, string what) where T : Message
    {
        session.Ask(request);
        var step = session.Next(out _);
        return step.Action == ClientAction.Refused ? throw NativeFailure.Of(what, ((Message.Error)step.Message!).Failure)
            : step.Message as T ?? throw new UnreachableException($"{step.Action} {step.Message}");
    }

    /// <summary>A request that changes something: once it may have reached the server, a break leaves open whether it was done.</summary>
    /// <exception cref="TransferException">It is refused, or nobody knows.</exception>
    public static Message.DoneAnswer Change(this NativeSession session, Message request, string what)
    {
        try
        {
            return session.Ask<Message.DoneAnswer>(request, what);
        }
        catch (TransferException failure) when (failure.Reason is TransferFailure.Interrupted or TransferFailure.Timeout or TransferFailure.Protocol)
        {
            throw new TransferException(failure.Reason, $"{what}: it is not known whether this was done ({failure.Message})", failure);
        }
    }

    /// <summary>A path at a server, for messages.</summary>
    public static string Name(this NativeSession session, TrainPath path) => $"{session.Server.Server}/{(path.IsRoot ? "" : path.Display)}";

    /// <summary>A path that must not be the root, which is a directory and stays.</summary>
    /// <exception cref="TransferException">It is the root.</exception>
    public static RemotePath ToFile(this TrainPath path, NativeSession session) =>
        path.Remote ?? throw new TransferException(TransferFailure.WrongKind, $"{session.Name(path)}: this is the server's root");
}
