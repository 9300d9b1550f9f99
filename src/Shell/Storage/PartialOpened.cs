using System.Diagnostics.CodeAnalysis;
using Trainyard.Core.Transfer;
using Trainyard.Shell.Linux;

namespace Trainyard.Shell.Storage;

/// <summary>The two files of a transfer under way, or why they cannot be had.</summary>
internal readonly struct PartialOpened
{
    /// <summary>They are open and ours.</summary>
    public PartialOpened(FileDescriptor part, PartialMap map, ResumeMap claimed)
    {
        Part = part;
        Map = map;
        Claimed = claimed;
    }

    /// <summary>They cannot be had.</summary>
    public PartialOpened(Errno error) => Error = error;

    /// <summary>The file.</summary>
    public FileDescriptor? Part { get; }

    /// <summary>Its map.</summary>
    public PartialMap? Map { get; }

    /// <summary>What the map claims to be there. Not proven yet.</summary>
    public ResumeMap? Claimed { get; }

    /// <summary>Why not.</summary>
    public Errno Error { get; }

    /// <summary>Whether they are open.</summary>
    [MemberNotNullWhen(true, nameof(Part), nameof(Map), nameof(Claimed))]
    public bool IsOk => Map is not null;
}
