using Trainyard.Core.Protocol;
using Trainyard.Shell.Storage;

namespace Trainyard.Shell.Serving.Native;

/// <summary>
/// The quickest answer: a small file that was asked for a moment ago and is still open. Its bytes are read, and only then it is asked whether the path still
/// means that file with that status: one question says both that the right file was read, and that it did not change meanwhile. What was read is kept for
/// some milliseconds, and the same question says whether it is still right.
/// </summary>
internal static class SmallFile
{
    // A file of so few bytes is copied into the gathered output, so that its whole answer leaves in one call with its neighbours.
    public const int Most = 32 * 1024;

    /// <summary>Whether a file's bytes lie together in its answer, and are few.</summary>
    public static bool Is(ResponseLayout layout) => layout.FileBytes <= Math.Min(Most, layout.Meta.TrainSize);

    /// <summary>Gathers the answer.</summary>
    /// <param name="tree">What is served.</param>
    /// <param name="get">What is asked for.</param>
    /// <param name="algorithm">The session's algorithm.</param>
    /// <param name="trainSize">How long trains are.</param>
    /// <param name="hasWaited">Whether it was asked for before the present round began.</param>
    /// <param name="wire">Where it is gathered.</param>
    /// <returns>The file's bytes; <c>null</c> where it has to be opened first, or is not asked for as the last time.</returns>
    public static long? TryGather(ServedTree tree, Message.Get get, HashAlgorithm algorithm, int trainSize, bool hasWaited, SessionWire wire)
    {
        if (get.Range != default || !get.IfIdentity.IsEmpty || tree.StillOpen(get.Path) is not { Whole: { } whole } file)
            return null;
        var layout = whole.Layout;
        if (!Is(layout) || layout.Meta.TrainSize != trainSize || layout.Meta.Algorithm != (get.Algorithm ?? algorithm))
            return null;
        var length = (int)layout.Length;
        var room = wire.Output.Reserve(length);
        if (whole.Kept is { } kept)
        {
            if (!tree.IsStill(get.Path, file, hasWaited))
                return null;
            kept.CopyTo(room);
        }
        else
        {
            if (!Fill(file, layout, room) || !tree.IsStill(get.Path, file, hasWaited: false))
                return null;
            if (file.IsSettled(DateTimeOffset.UtcNow))
                whole.Keep(room);
        }
        wire.Journal.Begin(whole.Part, length);
        wire.Output.Commit(length);
        return layout.FileBytes;
    }

    /// <summary>Writes a whole answer.</summary>
    /// <param name="file">Its file, small.</param>
    /// <param name="layout">What lies where.</param>
    /// <param name="room">At least as long as the answer.</param>
    /// <returns>Whether the file's bytes could be read.</returns>
    public static bool Fill(StoredFile file, ResponseLayout layout, Span<byte> room)
    {
        var content = Span<byte>.Empty;
        var end = (int)layout.DigestAt;
        for (var at = 0; at < end;)
        {
            var part = layout.PartAt(at);
            var to = room.Slice(at, (int)Math.Min(part.Length, end - at));
            if (part.Kind == ResponsePartKind.File)
                content = to;
            else
                layout.CopyLiteral(at, to);
            at += to.Length;
        }
        if (!file.Read(content, layout.Offset))
            return false;
        layout.CopyTail(ContentDigest.Of(layout.Meta.Algorithm, content), room[end..]);
        return true;
    }
}
