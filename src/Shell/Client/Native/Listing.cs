using Trainyard.Core.Protocol;

namespace Trainyard.Shell.Client.Native;

/// <summary>Names what lies in a directory; after a break it goes on behind the last entry that came.</summary>
internal static class Listing
{
    /// <summary>Runs it on the calling thread.</summary>
    /// <param name="attempts">Where the tries are counted.</param>
    /// <param name="directory">The directory.</param>
    /// <param name="recursive">Whether to descend.</param>
    /// <param name="take">Gets each batch in order.</param>
    /// <exception cref="TransferException">It cannot be listed.</exception>
    public static void Run(Attempts attempts, TrainPath directory, bool recursive, Action<IReadOnlyList<RemoteEntry>> take)
    {
        RemotePath? after = null;
        attempts.Run(session =>
        {
            session.Ask(new Message.List(directory.Remote, recursive, after));
            while (true)
            {
                var step = session.Next(out _);
                if (step.Action == ClientAction.Refused)
                    throw NativeFailure.Of(session.Name(directory), ((Message.Error)step.Message!).Failure);
                if (step.Message is not Message.Entries(var batch))
                    return true;
                attempts.Progressed();
                var entries = new RemoteEntry[batch.Count];
                for (var i = 0; i < entries.Length; i++)
                    entries[i] = batch[i].ForCallers();
                take(entries);
                if (batch.Count > 0)
                    after = batch[batch.Count - 1].Path;
            }
        });
    }
}
