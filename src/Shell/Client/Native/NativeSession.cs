using LanguageExt;
using Trainyard.Core.Framing;
using Trainyard.Core.Protocol;
using Trainyard.Shell.Linux;

namespace Trainyard.Shell.Client.Native;

/// <summary>
/// One session over one connection: carries out what <see cref="ClientSession"/> decides. Requests are gathered and leave when somebody
/// waits; what comes is received while sending, so that the two sides never wait for each other. Used by one thread at a time.
/// </summary>
internal sealed partial class NativeSession : IDisposable
{
    // With half of it a large file takes an eighth longer on loopback; with twice as much nothing is gained.
    private const int Capacity = 512 * 1024;

    private readonly IByteChannel _channel;
    private readonly RateLimit? _limit;
    private readonly byte[] _input = GC.AllocateUninitializedArray<byte>(Capacity, pinned: true);
    private ClientSessionState _state = new(SessionLimits.Default);
    private Call _call;
    private int _start;
    private int _end;
    private bool _isAtEnd;

    private NativeSession(TrainAddress server, IByteChannel channel, RateLimit? limit, Call call)
    {
        Server = server;
        _channel = channel;
        _limit = limit;
        _call = call;
    }

    /// <summary>The server.</summary>
    public TrainAddress Server { get; }

    /// <summary>Whether another request may be sent now.</summary>
    public bool MayAsk => _state.MayAsk;

    /// <summary>Requests that await their answers.</summary>
    public int Outstanding => _state.OutstandingCount;

    /// <summary>The session's hash algorithm.</summary>
    public HashAlgorithm Algorithm => _state.Hello!.Algorithm;

    /// <summary>What the server is willing to receive.</summary>
    public SessionLimits Limits => _state.Hello!.Limits;

    /// <summary>Whether it can serve another call: nothing is on its way in either direction, and the server has not left.</summary>
    public bool IsIdle
    {
        get
        {
            if (_state.IsEnded || _state.IsUploading || Outstanding > 0 || Unsent > 0 || _start != _end || _isAtEnd)
                return false;
            // Nothing may come now; what does is an end, or an ERROR before it.
            Span<byte> one = stackalloc byte[1];
            return _channel.Receive(one).WouldBlock;
        }
    }

    /// <summary>Connects and says hello.</summary>
    /// <exception cref="TransferException">The server cannot be reached, or refuses the session.</exception>
    public static NativeSession Open(TrainAddress server, HashAlgorithm preferred, RateLimit? limit, Call call)
    {
        var session = new NativeSession(server, Connector.Open(server, call), limit, call);
        try
        {
            HashAlgorithm[] others = [HashAlgorithm.Xxh128, HashAlgorithm.Sha256, HashAlgorithm.Md5];
            session.Queue(new Message.ClientHello(
                MessageCodec.Version,
                MessageCodec.Version,
                SessionLimits.Default,
                new Arr<HashAlgorithm>([preferred, .. others.Where(other => other != preferred)]),
                new(call.Options.Credential.Span)));
            session._patience = call.Options.ConnectLimit;
            session.Next(out _);
            session._patience = null;
            return session;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <summary>Serves another call from now on.</summary>
    public void Attach(Call call) => _call = call;

    /// <summary>Sends a request, with the next bytes that leave. Only while <see cref="MayAsk"/>.</summary>
    public void Ask(Message request)
    {
        _state = ClientSession.Asked(_state, request);
        if (_state.IsEnded)
            throw NativeFailure.Of(Server, _state.Error);
        Queue(request);
    }

    /// <summary>Waits for the next item of an answer.</summary>
    /// <param name="data">File bytes, where it is <see cref="ClientAction.Data"/>; good until the next call.</param>
    /// <exception cref="TransferException">The session is over.</exception>
    public ClientStep Next(out ReadOnlySpan<byte> data)
    {
        while (true)
        {
            if (TryRead(out var step, out data))
                return step;
            ReceiveMore();
        }
    }

    /// <summary>The next item of an answer, if it has come already.</summary>
    /// <exception cref="TransferException">The session is over.</exception>
    public bool TryNext(out ClientStep step)
    {
        ReceiveReady();
        return TryRead(out step, out _);
    }

    /// <summary>Compares the digest of all bytes of a file that came, after <see cref="ClientAction.Fin"/>.</summary>
    /// <returns>Whether it is the announced one.</returns>
    public bool Verify(ReadOnlySpan<byte> digest)
    {
        (_state, var error) = ClientSession.Verify(_state, new(digest));
        return error is null && !_state.IsEnded;
    }

    /// <inheritdoc/>
    public void Dispose() => _channel.Dispose();

    private bool TryRead(out ClientStep step, out ReadOnlySpan<byte> data)
    {
        step = ClientSession.Read(_state, _input.AsSpan(_start, _end - _start));
        _state = step.State;
        _start += step.Consumed;
        data = _input.AsSpan(_start - step.DataLength, step.DataLength);
        if (step.Action == ClientAction.Ended)
            throw NativeFailure.Of(Server, _state.Error);
        if (step.Action == ClientAction.NeedMore && _isAtEnd)
        {
            _state = ClientSession.EndOfStream(_state, _end - _start);
            throw NativeFailure.Of(Server, _state.Error);
        }
        return step.Action != ClientAction.NeedMore;
    }

    private void ReceiveMore()
    {
        while (true)
        {
            // Whatever is asked leaves before its answer is waited for.
            SendQueued();
            if (ReceiveReady() || _isAtEnd)
                return;
            Wait(Unsent > 0 ? PollEvents.Readable | PollEvents.Writable : PollEvents.Readable);
        }
    }

    /// <summary>Takes what has come, as far as there is room.</summary>
    /// <returns>Whether anything has.</returns>
    private bool ReceiveReady()
    {
        if (_isAtEnd || MakeRoom() is not (> 0 and var room))
            return false;
        var received = ReceiveInto(_input.AsSpan(_end, IsDirect ? Math.Min(room, BesideDirect) : room));
        if (received.WouldBlock)
            return false;
        _isAtEnd = received.Count == 0;
        _end += (int)received.Count;
        return !_isAtEnd;
    }

    /// <summary>Moves what was not read to the beginning where little room is left behind it.</summary>
    private int MakeRoom()
    {
        if (_start == _end)
            _start = _end = 0;
        else if (_start > 0 && _input.Length - _end < SessionLimits.Default.MaximumControl + TrainHeader.Size)
        {
            _input.AsSpan(_start, _end - _start).CopyTo(_input);
            _end -= _start;
            _start = 0;
        }
        return _input.Length - _end;
    }
}
