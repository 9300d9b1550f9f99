using Trainyard.Core.Protocol;

namespace Trainyard.Shell.Serving.Native;

/// <content>What the pool's status shows of a transfer.</content>
internal sealed partial class NativeDriver
{
    private Message? _shown;
    private string? _shownPath;

    /// <inheritdoc/>
    public string? Path
    {
        get
        {
            var moved = _answer is null && _upload is null ? null : _session.Request;
            if (ReferenceEquals(moved, _shown))
                return _shownPath;
            _shown = moved;
            return _shownPath = moved switch
            {
                Message.Get get => get.Path.Display,
                Message.Put put => put.Path.Display,
                Message.Hash hash => hash.Path.Display,
                Message.List list => list.Path?.Display ?? "(all names)",
                _ => null,
            };
        }
    }

    /// <inheritdoc/>
    public long Size => _answer is FileAnswer file ? file.Size : _session.Request is Message.Put put ? put.Size ?? 0 : 0;

    /// <inheritdoc/>
    public long Offset => _answer is FileAnswer file ? file.Offset : _upload is { } upload ? upload.Offset + _session.Received : 0;
}
