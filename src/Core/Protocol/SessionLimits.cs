namespace Trainyard.Core.Protocol;

/// <summary>What one side of a session is willing to receive. The other side keeps to it.</summary>
/// <param name="MaximumTrain">The longest data train's body, in bytes, <c>1 ..= 2^24 - 1</c>.</param>
/// <param name="MaximumControl">The longest body of any other train, in bytes, <c>9216 ..= 2^20</c>: a message with two of the longest paths fits.</param>
/// <param name="Pipelined">How many requests may await their answers at once, <c>1 ..= 65536</c>.</param>
public sealed record SessionLimits(int MaximumTrain, int MaximumControl, int Pipelined)
{
    /// <summary>The smallest limit of a control body that may be stated, in bytes. It holds before both sides have said hello.</summary>
    public const int LeastControl = 8192 + 1024;

    /// <summary>The largest limit of a control body that may be stated, in bytes.</summary>
    public const int MostControl = 1 << 20;

    /// <summary>The largest limit of requests at once.</summary>
    public const int MostPipelined = 65536;

    /// <summary>1 MiB trains, 64 KiB control bodies, 1024 requests at once.</summary>
    public static SessionLimits Default { get; } = new(1024 * 1024, 64 * 1024, 1024);
}
