using System.Text.Json;
using Trainyard.Core.Pool;

namespace Trainyard.Shell.Control;

/// <summary>What a server did until its end.</summary>
/// <param name="Cause"><c>drained</c>, <c>drain_deadline</c>, <c>stopped</c> or <c>crash_loop</c>.</param>
/// <param name="Completed">Connections whose worker reported their end.</param>
/// <param name="HandedOn">Connections passed to another server.</param>
/// <param name="Rejected">Connections refused before an answer.</param>
/// <param name="Aborted">Connections cut in the middle of their answer.</param>
public sealed record Certificate(string Cause, long Completed, long HandedOn, long Rejected, long Aborted)
{
    /// <summary>One line of JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, ControlJson.Default.Certificate);

    /// <summary>What a report certifies.</summary>
    public static Certificate Of(ServerReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        return new(WordOf(report.End), report.Completed, report.HandedOn, report.Rejected, report.Aborted);
    }

    internal static Certificate Of(PoolVerdict verdict) =>
        new(WordOf(verdict.Cause), verdict.Completed, verdict.HandedOn, verdict.Rejected, verdict.Aborted);

    private static string WordOf(PoolEnd cause) => cause switch
    {
        PoolEnd.Drained => "drained",
        PoolEnd.DrainDeadline => "drain_deadline",
        PoolEnd.Stopped => "stopped",
        _ => "crash_loop",
    };
}
