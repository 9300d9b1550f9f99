using Trainyard.Core.Protocol;

namespace Trainyard.Shell.Client.Native;

/// <summary>Many requests of one message each, sent ahead as far as the server allows, without a round trip for each.</summary>
internal static class Pipeline
{
    // What waits for an answer is small; more than this at once brings nothing.
    private const int MostUnsent = 64 * 1024;

    /// <summary>
    /// Asks for all of them. After a break those without an answer are asked again, and later those of which the server says that its worker died over
    /// them: they must bear being done twice.
    /// </summary>
    /// <param name="attempts">Where the tries are counted.</param>
    /// <param name="items">What is asked about.</param>
    /// <param name="request">The request about one.</param>
    /// <param name="answered">Told each answer, in order but for those that were asked again.</param>
    /// <param name="failed">Told what was refused, likewise.</param>
    /// <exception cref="TransferException">The server is lost.</exception>
    public static void Run<T>(
        Attempts attempts, IReadOnlyList<T> items, Func<T, Message> request, Action<T, Message> answered, Action<T, Failure> failed)
    {
        for (var repeated = 0; items.Count > 0; repeated++)
        {
            var interrupted = new List<T>();
            AskOnce(attempts, items, request, answered, repeated < attempts.Retries ? Repeat : failed);
            items = interrupted;

            void Repeat(T item, Failure failure)
            {
                if (failure.Code == ErrorCode.Interrupted)
                    interrupted.Add(item);
                else
                    failed(item, failure);
            }
        }
    }

    private static void AskOnce<T>(
        Attempts attempts, IReadOnlyList<T> items, Func<T, Message> request, Action<T, Message> answered, Action<T, Failure> failed)
    {
        var done = 0;
        attempts.Run(session =>
        {
            var asked = done;
            while (done < items.Count)
            {
                while (asked < items.Count && session.MayAsk && session.Unsent < MostUnsent)
                    session.Ask(request(items[asked++]));
                session.Flush();
                var step = session.Next(out _);
                var item = items[done++];
                attempts.Progressed();
                if (step.Message is Message.Error(var failure))
                    failed(item, failure);
                else
                    answered(item, step.Message!);
            }
            return true;
        });
    }
}
