using LanguageExt;
using Trainyard.Core.Pool;
using static LanguageExt.Prelude;

namespace Trainyard.Core.Control;

/// <summary>What the fields of a request mean. The one place that knows; documented in the operations guide.</summary>
public static class ControlProtocol
{
    /// <summary>The version of requests and answers.</summary>
    public const int Version = 1;

    /// <summary>The longest request, in bytes with its line feed.</summary>
    public const int MaximumLineBytes = 4096;

    /// <summary>The longest patience that can be asked for: a hundred years.</summary>
    public const long MaximumPatienceMs = 100L * 365 * 24 * 3600 * 1000;

    /// <summary>The commands, as they are written.</summary>
    public static Arr<string> Commands { get; } = Array("status", "drain", "stop", "reload", "upgrade", "resize");

    /// <summary>Reads a request.</summary>
    /// <returns>The request and whether its answer waits until it is done; or what is wrong with it, the version first of all.</returns>
    public static Either<ControlError, (ControlRequest Request, bool Wait)> Read(ControlFields fields)
    {
        if (fields.Version != Version)
            return new ControlError.Version(fields.Version, Version);
        var takesPatience = fields.Command is "drain" or "upgrade";
        var takesNumber = fields.Command == "resize";
        if (fields.PatienceMs is not null && !takesPatience)
            return new ControlError.Misplaced("patience_ms");
        if (fields.Delta is not null && (!takesNumber || fields.Workers is not null))
            return new ControlError.Misplaced("delta");
        if (fields.Workers is not null && !takesNumber)
            return new ControlError.Misplaced("workers");
        return RequestOf(fields).Map(request => (request, fields.Wait ?? true));
    }

    /// <summary>Writes a request; <see cref="Read"/> gives it back.</summary>
    public static ControlFields Write(ControlRequest request, bool wait) => request switch
    {
        ControlRequest.Drain(var patience) => new(Version, "drain", wait, PatienceMs: Milliseconds(patience)),
        ControlRequest.StopNow => new(Version, "stop", wait),
        ControlRequest.Reload => new(Version, "reload", wait),
        ControlRequest.Upgrade(var patience) => new(Version, "upgrade", wait, PatienceMs: Milliseconds(patience)),
        ControlRequest.ResizeBy(var delta) => new(Version, "resize", wait, Delta: delta),
        ControlRequest.ResizeTo(var target) => new(Version, "resize", wait, Workers: target),
        _ => new(Version, "status", wait),
    };

    private static Either<ControlError, ControlRequest> RequestOf(ControlFields fields) => fields.Command switch
    {
        "status" => new ControlRequest.Status(),
        "drain" => PatienceOf(fields.PatienceMs).Map<ControlRequest>(static patience => new ControlRequest.Drain(patience)),
        "stop" => new ControlRequest.StopNow(),
        "reload" => new ControlRequest.Reload(),
        "upgrade" => PatienceOf(fields.PatienceMs).Map<ControlRequest>(static patience => new ControlRequest.Upgrade(patience)),
        "resize" => ResizeOf(fields),
        _ => new ControlError.UnknownCommand(),
    };

    private static Either<ControlError, ControlRequest> ResizeOf(ControlFields fields) => (fields.Delta, fields.Workers) switch
    {
        (null, null) => new ControlError.Missing("workers"),
        ({ } delta, _) when delta == 0 || Math.Abs((long)delta) > PoolPolicy.MostWorkers => new ControlError.OutOfRange("delta", delta),
        ({ } delta, _) => new ControlRequest.ResizeBy(delta),
        (_, { } workers) when workers is < 1 or > PoolPolicy.MostWorkers => new ControlError.OutOfRange("workers", workers),
        (_, { } workers) => new ControlRequest.ResizeTo(workers),
    };

    private static Either<ControlError, ControlPatience> PatienceOf(long? milliseconds) => milliseconds switch
    {
        null => new ControlPatience.Configured(),
        0 => new ControlPatience.Endless(),
        < 0 or > MaximumPatienceMs => new ControlError.OutOfRange("patience_ms", milliseconds.Value),
        { } ms => new ControlPatience.Limit(TimeSpan.FromMilliseconds(ms)),
    };

    private static long? Milliseconds(ControlPatience patience) => patience switch
    {
        ControlPatience.Limit(var longest) => (long)Math.Clamp(Math.Ceiling(longest.TotalMilliseconds), 1, MaximumPatienceMs),
        ControlPatience.Endless => 0,
        _ => null,
    };
}
