using System.Globalization;
using System.Text;
using Trainyard.Core.Pool;
using Trainyard.Shell.Linux;

namespace Trainyard.Shell.Diagnostics;

/// <summary>
/// What a worker says of its own faults, on the standard error that it has from its master, in the form of the server's log lines: all else
/// is said to the master. Never throws, since it is called where something has failed already.
/// </summary>
internal static class WorkerLog
{
    /// <summary>A connection's driver threw.</summary>
    public static void ConnectionFaulted(ConnectionId connection, Exception fault) =>
        Write("error", $"{connection}: the service failed: {Describe(fault)}");

    /// <summary>A thread of this worker threw.</summary>
    public static void ThreadFailed(WorkerId thread, Exception fault) =>
        Write("error", $"thread {thread.Value} failed, and takes the process along: {Describe(fault)}");

    /// <summary>A thread of this worker gives no sign of life.</summary>
    public static void ThreadHangs(WorkerId thread, string state) => Write("warn ", $"thread {thread.Value} hangs: {state}");

    /// <summary>A thread that hangs takes its process along.</summary>
    public static void ThreadLost(WorkerId thread) =>
        Write("error", $"thread {thread.Value} gave no sign of life for too long, and takes the process along");

    /// <summary>A connection that no thread took.</summary>
    public static void NoThreadTook(ConnectionId connection, string reason) => Write("error", $"{connection} closed: {reason}");

    private static string Describe(Exception fault)
    {
        try
        {
            return fault.ToString().ReplaceLineEndings(" | ");
        }
        catch (Exception e)
        {
            // A stack trace may need files that cannot be opened any more.
            return $"{fault.GetType()}, and its description failed with {e.GetType()}";
        }
    }

    private static void Write(string level, string sentence) =>
        Libc.WriteToStandardError(Encoding.UTF8.GetBytes(
            string.Create(CultureInfo.InvariantCulture, $"{DateTime.UtcNow:yyyy-MM-ddTHH:mm:ss.fffZ} {level} worker {Environment.ProcessId}: {sentence}\n")));
}
