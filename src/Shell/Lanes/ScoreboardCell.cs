namespace Trainyard.Shell.Lanes;

/// <summary>Where everything lies in a cell of the <see cref="Scoreboard"/>. Words of 8 bytes, on multiples of 8.</summary>
internal static class ScoreboardCell
{
    /// <summary>The whole cell: eight cache lines, so that no two cells share one.</summary>
    internal const int Bytes = 512;

    /// <summary>Turns of the worker's loop.</summary>
    internal const int Beats = 0;

    /// <summary>Bytes that it has moved.</summary>
    internal const int Progress = 8;

    /// <summary>Connections that it has ended.</summary>
    internal const int Served = 16;

    /// <summary>The connection whose turn it is; 0 between turns. Of a process that has died, what it was at when it died.</summary>
    internal const int Turn = 24;

    /// <summary>Odd while the record that follows is being changed.</summary>
    internal const int Sequence = 64;

    /// <summary>Which connection the record is about; 0 for none.</summary>
    internal const int Connection = 72;

    /// <summary>The file's bytes.</summary>
    internal const int Size = 80;

    /// <summary>Those of them that are sent.</summary>
    internal const int Offset = 88;

    /// <summary>Bytes of the path.</summary>
    internal const int PathLength = 96;

    /// <summary>The path, UTF-8, clipped where it is too long.</summary>
    internal const int Path = 104;

    /// <summary>The longest path.</summary>
    internal const int PathBytes = Bytes - Path;
}
