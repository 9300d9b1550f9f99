using Trainyard.Core.Custody;
using Trainyard.Core.Protocol;
using Trainyard.Core.Transfer;
using Trainyard.Shell.Linux;
using Trainyard.Shell.Master;
using Trainyard.Shell.Worker;

namespace Trainyard.Shell.Serving.Native;

/// <summary>The sending half of a session: messages are gathered, file bytes go past them straight from the file.</summary>
/// <param name="socket">The connection.</param>
/// <param name="journal">Is told of everything before it leaves.</param>
/// <param name="scratch">Memory that everyone on this thread may use within one call.</param>
internal sealed class SessionWire(Descriptor socket, SessionJournal journal, byte[] scratch) : IDisposable
{
    // Beyond this, what is gathered is sent before more is added.
    private const int Enough = 64 * 1024;

    // What was promised, and what has been said behind it.
    private readonly Queue<PromisedAnswer> _promised = new();
    private ReaderPace _pace;

    /// <summary>The connection.</summary>
    public Descriptor Socket { get; } = socket;

    /// <summary>What waits to be sent. Whoever writes to it has said in the journal which answer that belongs to.</summary>
    public OutputBuffer Output { get; } = new();

    /// <summary>What others would need to go on.</summary>
    public SessionJournal Journal => journal;

    /// <summary>Memory that everyone on this thread may use within one call.</summary>
    public Span<byte> Scratch => scratch;

    /// <summary>The longest control body that the client accepts, in bytes.</summary>
    public int MaximumControl { get; set; } = SessionLimits.LeastControl;

    /// <summary>All bytes that have left.</summary>
    public long Sent { get; private set; }

    /// <summary>Whether enough has been gathered to be sent.</summary>
    public bool IsFull => Output.Count >= Enough || journal.IsFull;

    /// <summary>The error behind <see cref="AnswerTurn.PeerGone"/>.</summary>
    public Errno Error { get; private set; }

    /// <summary>Gathers a message.</summary>
    /// <returns><c>null</c>; or why the client cannot be told this.</returns>
    public MessageError? Say(Message message)
    {
        switch (MessageCodec.Encode(message, MaximumControl).Case)
        {
            case byte[] train:
                if (journal.IsKept && (_promised.Count > 0 || !journal.Grow(train.Length)))
                    journal.Begin(new JournalAnswer.Literal(new(train)), train.Length);
                if (_promised.Count > 0)
                    _promised.Enqueue(new(null) { Bytes = train });
                else
                    Output.Write(train);
                return null;
            case MessageError error:
                return error;
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    /// <summary>Gathers an error. Its text is cut where it is too long.</summary>
    public void Say(Failure failure)
    {
        if (Say(new Message.Error(failure)) is not null && Say(new Message.Error(failure with { Text = "" })) is { } error)
            throw new InvalidOperationException($"an error that cannot be sent: {error}");
    }

    /// <summary>Has a place for an answer that is known later. What is said meanwhile waits behind it.</summary>
    /// <returns>For <see cref="Keep"/>.</returns>
    public PromisedAnswer Promise(JournalAnswer.Commit answer)
    {
        var promised = new PromisedAnswer(journal.IsKept ? journal.BeginPromised(answer) : null);
        _promised.Enqueue(promised);
        return promised;
    }

    /// <summary>Gathers what was promised; it leaves when all before it is known, too.</summary>
    public void Keep(PromisedAnswer promised, params ReadOnlySpan<Message> messages)
    {
        promised.Bytes = Encode(messages);
        if (promised.Part is { } part)
            journal.Keep(part, new JournalAnswer.Literal(new(promised.Bytes)), promised.Bytes.Length);
        while (_promised.TryPeek(out var first) && first.Bytes is { } bytes)
        {
            Output.Write(bytes);
            _promised.Dequeue();
        }
    }

    /// <summary>Gathers an error in place of the rest of the answer that is being sent, of which everything gathered has left.</summary>
    public void SayInstead(Failure failure) => SayInstead(new Message.Error(failure));

    /// <summary>Gathers messages in place of the rest of the answer that is being sent, of which everything gathered has left.</summary>
    public void SayInstead(params ReadOnlySpan<Message> messages)
    {
        var trains = Encode(messages);
        journal.ReplaceFirst(new JournalAnswer.Literal(new(trains)), trains.Length);
        Output.Write(trains);
    }

    private byte[] Encode(ReadOnlySpan<Message> messages)
    {
        byte[] trains = [];
        foreach (var message in messages)
        {
            var train = MessageCodec.Encode(message, MaximumControl).Case as byte[]
                ?? (message is Message.Error(var failure) ? MessageCodec.Encode(new Message.Error(failure with { Text = "" }), MaximumControl).Case as byte[] : null)
                ?? throw new InvalidOperationException($"a {MessageCodec.KindOf(message)} that cannot be sent");
            trains = trains.Length == 0 ? train : [.. trains, .. train];
        }
        return trains;
    }

    /// <summary>Has fetched what the next answer needs.</summary>
    public void FetchAhead()
    {
        CacheLines.Fetch(Output, 64);
        CacheLines.Fetch(_promised, 64);
    }

    /// <summary>Sends what was gathered.</summary>
    /// <param name="more">Whether file bytes follow at once.</param>
    /// <returns><see cref="AnswerTurn.Done"/>, <see cref="AnswerTurn.Blocked"/> or <see cref="AnswerTurn.PeerGone"/>.</returns>
    public AnswerTurn Flush(bool more = false)
    {
        if (Output.Count == 0)
            return AnswerTurn.Done;
        journal.Save();
        var flushed = Output.Flush(Socket, more);
        Sent += flushed.Count;
        journal.Sent(flushed.Count);
        return flushed.IsOk ? AnswerTurn.Done : flushed.WouldBlock ? AnswerTurn.Blocked : Lost(flushed.Error);
    }

    /// <summary>Sends file bytes, in as large a piece as the kernel takes.</summary>
    public IoResult SendFile(FileDescriptor file, long offset, long count)
    {
        journal.Save();
        var sent = Libc.SendFile(Socket, file, offset, count);
        if (sent.IsOk)
        {
            Sent += sent.Count;
            journal.Sent(sent.Count);
            var before = _pace.IsFast;
            _pace = _pace.Took(sent.Count, Environment.TickCount64);
            if (_pace.IsFast != before)
                Libc.LimitUnsent(Socket, _pace.IsFast ? null : Listener.MostUnsent);
        }
        return sent;
    }

    /// <summary>The peer is gone.</summary>
    public AnswerTurn Lost(Errno error)
    {
        Error = error;
        return AnswerTurn.PeerGone;
    }

    /// <inheritdoc/>
    public void Dispose() => Output.Dispose();

    /// <summary>An answer that has its place and is known later, or one that waits behind it.</summary>
    /// <param name="Part">What the journal has of it; <c>null</c> where it has nothing, or has all.</param>
    internal sealed record PromisedAnswer(JournalPart? Part)
    {
        /// <summary>Its bytes, once they are known.</summary>
        public byte[]? Bytes { get; set; }
    }
}
