using System.Text;
using Trainyard.Core.Protocol;

namespace Trainyard.Properties.Protocol.Sessions;

/// <summary>A small set of files in memory, with just enough rules that requests depend on those before them.</summary>
internal sealed class ModelTree
{
    private readonly SortedDictionary<string, Node> _nodes = new(StringComparer.Ordinal);

    private readonly record struct Node(EntryKind Kind, byte[] Content, long Modified, int Mode, Opaque Target);

    internal void Store(Message.Put put, byte[] content) => _nodes[Key(put.Path)] = new(EntryKind.File, content, put.Modified ?? 0, put.Mode ?? 420, default);

    /// <summary>Why a request cannot be done; <c>null</c> where it can.</summary>
    internal Failure? Refusal(Message request) =>
        request switch
        {
            Message.Get get => Missing(get.Path, get.IfIdentity) ?? Outside(get.Path, get.Range),
            Message.Hash hash => Missing(hash.Path, hash.IfIdentity) ?? Outside(hash.Path, hash.Range),
            Message.Put put => !put.IfIdentity.IsEmpty ? Missing(put.Path, put.IfIdentity) : There(put.Path, put.NoClobber) ?? NoFile(put.Path),
            Message.MakeDirectory make => There(make.Path, !make.Parents),
            Message.MakeLink make => There(make.Path, make.NoClobber),
            Message.Move move => Missing(move.From, move.IfIdentity) ?? There(move.To, move.NoClobber),
            Message.Remove remove => Missing(remove.Path, remove.IfIdentity),
            Message.Stat { Path: { } path } when !_nodes.ContainsKey(Key(path)) => Failure.Of(ErrorCode.NotFound, "stat"),
            Message.SetAttributes { Path: { } path } when !_nodes.ContainsKey(Key(path)) => Failure.Of(ErrorCode.NotFound, "set"),
            _ => null,
        };

    /// <summary>Does what <see cref="Refusal"/> does not refuse, for requests with one answer.</summary>
    internal Message Do(Message request, HashAlgorithm session)
    {
        switch (request)
        {
            case Message.Ping(var payload):
                return new Message.PingAnswer(payload);
            case Message.Status:
                return new Message.StatusAnswer(new(1, 2, 3, 4, true));
            case Message.Stat stat:
                return new Message.StatAnswer(EntryOf(stat.Path));
            case Message.Hash hash:
                return Hashed(hash, hash.Algorithm ?? session);
            case Message.MakeDirectory make:
                _nodes[Key(make.Path)] = new(EntryKind.Directory, [], 0, make.Mode ?? 493, default);
                break;
            case Message.MakeLink make:
                _nodes[Key(make.Path)] = new(EntryKind.Link, [], make.Modified ?? 0, 511, make.Target);
                break;
            case Message.Move move:
                _nodes.Remove(Key(move.From), out var node);
                _nodes[Key(move.To)] = node;
                break;
            case Message.Remove remove:
                _nodes.Remove(Key(remove.Path));
                break;
            case Message.SetAttributes { Path: { } path } set:
                var old = _nodes[Key(path)];
                _nodes[Key(path)] = old with { Modified = set.Modified ?? old.Modified, Mode = set.Mode ?? old.Mode };
                break;
        }
        return new Message.DoneAnswer(MessageCodec.KindOf(request));
    }

    internal byte[] Content(RemotePath path) => _nodes[Key(path)].Content;

    internal byte[] Content(RemotePath path, FileRange range) =>
        Content(path).AsSpan((int)range.Offset, (int)range.CoveredOf(Content(path).Length)).ToArray();

    internal Message.Meta Describe(RemotePath path, int trainSize, HashAlgorithm algorithm) =>
        _nodes[Key(path)] is var node
            ? new(node.Content.Length, node.Modified, node.Mode, Wire.Identity(node.Content), trainSize, algorithm)
            : throw new InvalidOperationException();

    internal Entry[] List(Message.List list) =>
        [
            .. _nodes.Keys
                .Where(key => list.Path is null || key.StartsWith(Key(list.Path) + "/", StringComparison.Ordinal))
                .Where(key => list.After is null || string.CompareOrdinal(key, Key(list.After)) > 0)
                .Where(key => list.Recursive || !key.Contains('/', StringComparison.Ordinal))
                .Select(static key => EntryPath(key)).Select(EntryOf),
        ];

    /// <summary>Everything, to be compared with another tree.</summary>
    internal string Snapshot() =>
        string.Join('\n', _nodes.Select(pair => $"{Wire.Text(new Message.StatAnswer(EntryOf(EntryPath(pair.Key))))} {Convert.ToHexString(pair.Value.Content)}"));

    private Message.HashAnswer Hashed(Message.Hash hash, HashAlgorithm algorithm)
    {
        var content = Content(hash.Path);
        var range = Content(hash.Path, hash.Range);
        var blocks = hash.BlockSize == 0 ? [] : range.Chunk(hash.BlockSize).SelectMany(block => Wire.Digest(algorithm, block).Span.ToArray()).ToArray();
        return new(content.Length, Wire.Identity(content), algorithm, Wire.Digest(algorithm, range), new(blocks));
    }

    private Entry EntryOf(RemotePath? path) =>
        path is null || !_nodes.TryGetValue(Key(path), out var node)
            ? new(null, EntryKind.Directory, 0, 0, 493, default, default)
            : new(
                path, node.Kind, node.Content.Length, node.Modified, node.Mode,
                node.Kind == EntryKind.File ? Wire.Identity(node.Content) : default, node.Target);

    private Failure? Missing(RemotePath path, Opaque identity) =>
        !_nodes.TryGetValue(Key(path), out var node) ? Failure.Of(ErrorCode.NotFound)
        : node.Kind != EntryKind.File ? Failure.Of(ErrorCode.IsDirectory)
        : !identity.IsEmpty && identity != Wire.Identity(node.Content) ? Failure.Of(ErrorCode.Changed)
        : null;

    private Failure? Outside(RemotePath path, FileRange range) => range.Offset > Content(path).Length ? Failure.Of(ErrorCode.Usage, "range") : null;

    private Failure? There(RemotePath path, bool matters) => matters && _nodes.ContainsKey(Key(path)) ? Failure.Of(ErrorCode.Exists) : null;

    private Failure? NoFile(RemotePath path) =>
        _nodes.TryGetValue(Key(path), out var node) && node.Kind != EntryKind.File ? Failure.Of(ErrorCode.IsDirectory) : null;

    private static string Key(RemotePath path) => Encoding.Latin1.GetString(path.Span);

    private static RemotePath EntryPath(string key) => Arbitraries.Messages.PathOf(Encoding.Latin1.GetBytes(key));
}
