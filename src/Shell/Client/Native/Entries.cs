using Trainyard.Core.Protocol;

namespace Trainyard.Shell.Client.Native;

/// <summary>The protocol's entries as callers see them.</summary>
internal static class Entries
{
    /// <summary>As callers see it.</summary>
    public static RemoteEntry ForCallers(this Entry entry) =>
        new(
            new(entry.Path),
            entry.Kind switch
            {
                EntryKind.File => RemoteEntryKind.File,
                EntryKind.Directory => RemoteEntryKind.Directory,
                EntryKind.Link => RemoteEntryKind.Link,
                _ => RemoteEntryKind.Other,
            },
            entry.Size,
            entry.Modified,
            entry.Mode,
            new(entry.Identity),
            entry.Target.Span.ToArray());
}
