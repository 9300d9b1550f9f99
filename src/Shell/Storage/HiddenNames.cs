using Trainyard.Core.Protocol;

namespace Trainyard.Shell.Storage;

/// <summary>Names that the store keeps for itself: uploads on their way and what it knows of files. No client sees or names them.</summary>
internal static class HiddenNames
{
    /// <summary>How they begin.</summary>
    public static ReadOnlySpan<byte> Prefix => ".trainyard-"u8;

    /// <summary>Whether a name is such a one.</summary>
    public static bool Is(ReadOnlySpan<byte> name) => name.StartsWith(Prefix);

    /// <summary>Whether a path has such a name in it.</summary>
    public static bool IsIn(RemotePath? path)
    {
        if (path is null)
            return false;
        foreach (var range in path.Span.Split((byte)'/'))
            if (Is(path.Span[range]))
                return true;
        return false;
    }
}
