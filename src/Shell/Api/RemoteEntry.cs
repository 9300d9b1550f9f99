namespace Trainyard.Shell;

/// <summary>A file, directory or link at a server.</summary>
/// <param name="Path">Where it lies below the server's root.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Size">Bytes of a file; 0 for anything else.</param>
/// <param name="ModifiedNs">The time of the last change of content, in nanoseconds since 1970-01-01 UTC.</param>
/// <param name="Mode">The permission bits, <c>0 ..= 07777</c>.</param>
/// <param name="Identity">The content's identity; none for what is no file.</param>
/// <param name="Target">Where a link leads, in the bytes written there; empty for anything else.</param>
public sealed record RemoteEntry(
    TrainPath Path, RemoteEntryKind Kind, long Size, long ModifiedNs, int Mode, FileIdentity Identity, ReadOnlyMemory<byte> Target)
{
    private const long NanosecondsPerTick = 100;

    /// <summary>The time of the last change of content, to 100 nanoseconds; the nearest that can be told where the number is beyond all years.</summary>
    public DateTimeOffset Modified =>
        new(Math.Clamp(DateTime.UnixEpoch.Ticks + ModifiedNs / NanosecondsPerTick, 0, DateTime.MaxValue.Ticks), TimeSpan.Zero);

    /// <summary>Where a link leads, safe to print; empty for anything else.</summary>
    public string TargetDisplay => Core.Textbook.SafeText.Of(Target.ToArray());
}
