using Trainyard.Core.Framing;
using Trainyard.Core.Protocol;
using Trainyard.Integration.Native;
using Trainyard.Integration.Transfer;
using Xunit;

namespace Trainyard.Integration.Custody;

/// <summary>
/// Clients in the middle of downloads and uploads, that move nothing more until a test lets them: what happens meanwhile happens while their transfers
/// run. Each has one connection.
/// </summary>
internal sealed class StalledClients : IDisposable
{
    // More than the kernel queues while nobody reads.
    private const int Size = 12_000_000;
    private const int Train = 200_000;

    private readonly string _root;
    private readonly byte[] _content = new byte[Size];
    private readonly List<RawSession> _downloads = [];
    private readonly List<RawSession> _uploads = [];

    /// <summary>Makes the file that is downloaded.</summary>
    public StalledClients(string root)
    {
        _root = root;
        Random.Shared.NextBytes(_content);
        File.WriteAllBytes(Path.Combine(root, "down"), _content);
    }

    /// <summary>How many clients there are.</summary>
    public int Count => _downloads.Count + _uploads.Count;

    /// <summary>Connects clients, half of which download, and brings each into the middle of its transfer.</summary>
    public void Begin(int port, int count)
    {
        for (var i = 0; i < count; i++)
            if (i % 2 == 0)
                _downloads.Add(BeginDownload(port));
            else
                _uploads.Add(BeginUpload(port, _uploads.Count));
    }

    /// <summary>Brings every transfer to its end, and checks what arrived.</summary>
    /// <param name="andAsk">Whether the sessions go on behind that.</param>
    public void Finish(bool andAsk = true)
    {
        Parallel.ForEach(_downloads, FinishDownload);
        for (var i = 0; i < _uploads.Count; i++)
            FinishUpload(_uploads[i], i);
        // And no part of anything, but for the digests that the server keeps.
        Assert.Equal(
            Enumerable.Range(0, _uploads.Count).Select(static i => $"up{i}").Append("down").Order(StringComparer.Ordinal),
            Directory.EnumerateFiles(_root, "*", new EnumerationOptions { AttributesToSkip = 0 }).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        if (!andAsk)
            return;
        foreach (var session in _downloads.Concat(_uploads))
        {
            session.Say(new Message.Ping(new("end"u8)));
            Assert.Equal(new Message.PingAnswer(new("end"u8)), session.Read());
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _downloads.ForEach(static session => session.Dispose());
        _uploads.ForEach(static session => session.Dispose());
    }

    private static RawSession BeginDownload(int port)
    {
        var session = RawSession.Open(port);
        session.Say(new Message.Get(RawSession.PathOf("down"), default, default, null));
        Assert.Equal(Size, Assert.IsType<Message.Meta>(session.Read()).Size);
        return session;
    }

    private void FinishDownload(RawSession session)
    {
        var at = 0;
        object? read;
        for (; (read = session.Read()) is byte[] piece; at += piece.Length)
            Assert.True(_content.AsSpan(at, piece.Length).SequenceEqual(piece), $"other bytes behind {at}");
        Assert.Equal(Size, Assert.IsType<Message.Fin>(read).Total);
        Assert.Equal(Size, at);
    }

    // It stops in the middle of a train.
    private RawSession BeginUpload(int port, int number)
    {
        var session = RawSession.Open(port);
        session.Say(new Message.Put(RawSession.PathOf($"up{number}"), Size, null, null, default, default, false, null, Eager: false));
        Assert.IsType<Message.Go>(session.Read());
        var first = Trains(0, (number + 5) * Train);
        session.Send(first.AsSpan(0, first.Length - 1000 - number));
        return session;
    }

    private void FinishUpload(RawSession session, int number)
    {
        var sent = (number + 5) * Train;
        session.Send(Trains(0, sent).AsSpan(^(1000 + number)));
        session.Send(Trains(sent, Size));
        session.Say(new Message.Fin(Size, new(System.IO.Hashing.XxHash128.Hash(_content))));
        Assert.IsType<Message.Committed>(session.Read());
        Assert.Equal(Contents.Digest(Path.Combine(_root, "down")), Contents.Digest(Path.Combine(_root, $"up{number}")));
    }

    private byte[] Trains(int from, int to)
    {
        var trains = new System.Buffers.ArrayBufferWriter<byte>(to - from + 1000);
        for (; from < to; from += Train)
            Assert.Null(TrainCodec.Write(trains, TrainKind.Data, _content.AsSpan(from, Math.Min(Train, to - from))));
        return trains.WrittenSpan.ToArray();
    }
}
