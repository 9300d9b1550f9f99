using Trainyard.Core.Custody;
using Trainyard.Shell.Lanes;
using Trainyard.Shell.Worker;

namespace Trainyard.Shell.Serving.Native;

/// <summary>
/// What one session has under way, as its slot in the journal is to say it. It keeps to the rules of <see cref="Recovery"/>: an answer is in the
/// slot before its first byte leaves, and stays there at least until its last one has. The slot is written when it has to be, not before: by
/// <see cref="Save()"/>, which everybody calls who sends, or takes bytes out of the socket.
/// </summary>
/// <param name="slot">The slot; <c>null</c> where nobody could go on with the connection, and nothing is kept.</param>
/// <param name="session">The session as it is at the moment; the same object while it stands between two requests.</param>
internal sealed class SessionJournal(SlotJournal? slot, Func<JournalSession?> session)
{
    // An entry has room for more, but how long the next answer is, is not known before it is there.
    private const int Enough = 2400;
    private const long Unknown = -1;
    private const long Promised = -2;

    // With less room, what has landed is written down elsewhere, and the landing place begun anew.
    private const int LeastLanding = 1024;

    private readonly List<Kept> _answers = [];
    private JournalPart[] _parts = [];
    private JournalSession? _knownSession;
    private JournalPart? _knownPart;
    private byte[] _ahead = [];
    private long _aheadAt;
    private long? _landing;
    private long _landedTo;
    private long _written;
    private long _sentOfFirst;
    private long _accounted;
    private int _size;
    private bool _isDirty;

    /// <summary>Whether anything is kept.</summary>
    public bool IsKept => slot is not null;

    /// <summary>Whether what is under way fills the slot: it has to leave before anything is added.</summary>
    public bool IsFull => _size >= Enough;

    /// <summary>Bytes of the incoming stream that the session has used.</summary>
    public long Consumed { get; set; }

    /// <summary>Goes on where another worker has stopped.</summary>
    /// <param name="entry">What it has left.</param>
    /// <param name="position">How much of the first answer has been sent.</param>
    /// <param name="landed">How many bytes lie in the landing place behind those that the entry accounts for.</param>
    /// <returns>Those.</returns>
    public ReadOnlySpan<byte> Restore(JournalEntry entry, long position, int landed)
    {
        (_written, _sentOfFirst) = (entry.Written, position);
        (_landing, _landedTo) = (entry.Landing, entry.Taken + landed);
        _accounted = _aheadAt = Consumed = entry.Taken - entry.Ahead.Length;
        _ahead = entry.Ahead.Span.ToArray();
        foreach (var answer in entry.Answers)
            Add(JournalPart.Of(answer), Recovery.LengthOf(answer) ?? (answer is JournalAnswer.Commit ? Promised : Unknown));
        _isDirty = true;
        return landed == 0 ? default : slot!.Landing.Slice((int)(entry.Taken - entry.Landing!.Value), landed);
    }

    /// <summary>Where the next bytes that are taken out of the socket may land, so that whoever goes on finds them.</summary>
    /// <param name="unread">What was taken before, and not used yet.</param>
    public Span<byte> PlaceToLand(ReadOnlySpan<byte> unread)
    {
        if (_landing is not { } landing || _landedTo - landing > JournalSlot.LandingLength - LeastLanding)
        {
            Account();
            Save(unread);
        }
        return slot!.Landing[(int)(_landedTo - _landing!.Value)..];
    }

    /// <summary>Bytes have landed there.</summary>
    public void Landed(long count) => _landedTo += count;

    /// <summary>Nothing is under way, and nobody needs to look for what has landed.</summary>
    public void Rest()
    {
        _isDirty |= _landing is not null;
        _landing = null;
    }

    /// <summary>An answer begins, to everything that was used up to now.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="length">Its bytes.</param>
    public void Begin(JournalAnswer answer, long length)
    {
        if (IsKept)
            Begin(JournalPart.Of(answer), length);
    }

    /// <inheritdoc cref="Begin(JournalAnswer, long)"/>
    public void Begin(JournalPart answer, long length)
    {
        if (!IsKept)
            return;
        Add(answer, length);
        Account();
    }

    /// <summary>An answer begins whose length is not known; <see cref="Grow"/> and <see cref="Close"/> follow.</summary>
    public void BeginOpen(JournalAnswer answer) => Begin(answer, Unknown);

    /// <summary>An answer has its place that is known later; others may begin behind it. <see cref="Keep"/> follows before any of its bytes leaves.</summary>
    public JournalPart BeginPromised(JournalAnswer.Commit answer)
    {
        var part = JournalPart.Of(answer);
        Begin(part, Promised);
        return part;
    }

    /// <summary>A promised answer is known.</summary>
    /// <param name="promised">What <see cref="BeginPromised"/> gave.</param>
    /// <param name="answer">What is said.</param>
    /// <param name="length">Its bytes.</param>
    public void Keep(JournalPart promised, JournalAnswer answer, long length)
    {
        var index = _answers.FindIndex(kept => ReferenceEquals(kept.Answer, promised));
        if (index < 0)
            return;
        var part = JournalPart.Of(answer);
        _answers[index] = new(part, length, 0);
        _size += part.Length - promised.Length;
        _isDirty = true;
    }

    /// <summary>Bytes that are gathered belong to the open answer, if the last one is open.</summary>
    /// <returns>Whether it is.</returns>
    public bool Grow(int count)
    {
        if (_answers.Count == 0 || _answers[^1] is not { Length: Unknown } open)
            return false;
        _answers[^1] = open with { Grown = open.Grown + count };
        return true;
    }

    /// <summary>The open answer has its last byte.</summary>
    public void Close()
    {
        if (_answers.Count == 0 || _answers[^1] is not { Length: Unknown } open)
            return;
        _answers[^1] = open with { Length = open.Grown };
        Sent(0);
    }

    /// <summary>Nothing of the answer that began last was sent, and something else takes its place.</summary>
    public void WithdrawLast()
    {
        if (_answers.Count > 0)
            Remove(_answers.Count - 1);
    }

    /// <summary>Says more of the first answer.</summary>
    public void UpdateFirst(JournalAnswer answer)
    {
        if (_answers.Count == 0)
            return;
        var part = JournalPart.Of(answer);
        _size += part.Length - _answers[0].Answer.Length;
        _answers[0] = _answers[0] with { Answer = part };
        _isDirty = true;
    }

    /// <summary>Something else comes in place of the rest of the first answer, before those behind it. What was gathered of it has left.</summary>
    public void ReplaceFirst(JournalAnswer answer, long length)
    {
        if (!IsKept)
            return;
        _written += _sentOfFirst;
        _sentOfFirst = 0;
        if (_answers.Count > 0)
            Remove(0);
        var part = JournalPart.Of(answer);
        _answers.Insert(0, new(part, length, 0));
        _size += part.Length;
    }

    /// <summary>What was used up to now has had all its effects, and the session says which.</summary>
    public void Account()
    {
        _isDirty |= IsKept;
        _accounted = Consumed;
    }

    /// <summary>The session says something else of itself, though nothing more was used.</summary>
    public void SessionChanged() => _isDirty |= IsKept;

    /// <summary>As <see cref="Account()"/>, where nothing is under way to which what was used belongs.</summary>
    public void Account(bool isBetween)
    {
        if (isBetween && _accounted != Consumed)
            Account();
    }

    /// <summary>Bytes have left.</summary>
    public void Sent(long count)
    {
        _sentOfFirst += count;
        while (_answers.Count > 0 && _answers[0].Length is >= 0 and var length && _sentOfFirst >= length)
        {
            _sentOfFirst -= length;
            _written += length;
            var isDirty = _isDirty;
            Remove(0);
            // That it is still there does no harm: the kernel's count says that it has left.
            _isDirty = isDirty;
        }
    }

    /// <summary>Brings the slot up to date, with bytes that are about to be taken out of the socket behind all that was used.</summary>
    public void Save(ReadOnlySpan<byte> ahead)
    {
        _ahead = ahead.IsEmpty ? [] : ahead.ToArray();
        _aheadAt = _accounted;
        _landing = _landedTo = _accounted + ahead.Length;
        _isDirty = true;
        Save();
    }

    /// <summary>Brings the slot up to date.</summary>
    public void Save()
    {
        if (!_isDirty)
            return;
        _isDirty = false;
        if (_parts.Length < _answers.Count)
            _parts = new JournalPart[Math.Max(4, _answers.Count * 2)];
        for (var i = 0; i < _answers.Count; i++)
            _parts[i] = _answers[i].Answer;
        // What was held and has been accounted for since is held no more.
        var ahead = _ahead.AsSpan((int)Math.Min(_ahead.Length, _accounted - _aheadAt));
        // What has landed and been accounted for makes room for more.
        if (_landing is not null && _accounted >= _landedTo)
            _landing = _landedTo = _accounted;
        slot!.Write(_written, _accounted + ahead.Length, _landing, PartOf(session()), _parts.AsSpan(0, _answers.Count), ahead);
    }

    /// <summary>Has fetched what the next request needs.</summary>
    public void FetchAhead()
    {
        CacheLines.Fetch(_answers, 64);
        CacheLines.Fetch(_parts, 64);
        CacheLines.Fetch(_knownPart, 64);
        slot?.FetchAhead(_landing is { } landing ? (int)(_landedTo - landing) : 0);
    }

    private JournalPart PartOf(JournalSession? now)
    {
        if (_knownPart is { } known && ReferenceEquals(now, _knownSession))
            return known;
        _knownSession = now;
        return _knownPart = JournalPart.Of(now);
    }

    private void Remove(int index)
    {
        _size -= _answers[index].Answer.Length;
        _answers.RemoveAt(index);
        _isDirty = IsKept;
    }

    private void Add(JournalPart answer, long length)
    {
        _answers.Add(new(answer, length, 0));
        _size += answer.Length;
    }

    private readonly record struct Kept(JournalPart Answer, long Length, long Grown);
}
