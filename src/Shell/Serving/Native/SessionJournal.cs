using LanguageExt;
using Trainyard.Core.Custody;
using Trainyard.Shell.Lanes;

namespace Trainyard.Shell.Serving.Native;

/// <summary>
/// What one session has under way, as its slot in the journal is to say it. It keeps to the rules of <see cref="Recovery"/>: an answer is in the
/// slot before its first byte leaves, and stays there at least until its last one has. The slot is written when it has to be, not before: by
/// <see cref="Save"/>, which everybody calls who sends, or takes bytes out of the socket.
/// </summary>
/// <param name="slot">The slot; <c>null</c> where nobody could go on with the connection, and nothing is kept.</param>
/// <param name="session">The session as it is at the moment.</param>
internal sealed class SessionJournal(SlotJournal? slot, Func<JournalSession?> session)
{
    // An entry has room for more, but how long the next answer is, is not known before it is there.
    private const int Enough = 2400;
    private const int OfAnswer = 112;
    private const long Unknown = -1;

    private readonly List<Kept> _answers = [];
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
    public void Restore(JournalEntry entry, long position)
    {
        (_written, _sentOfFirst, _accounted, Consumed) = (entry.Written, position, entry.Taken, entry.Taken);
        foreach (var answer in entry.Answers)
            Add(answer, Recovery.LengthOf(answer) ?? Unknown);
        _isDirty = true;
    }

    /// <summary>An answer begins, to everything that was used up to now.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="length">Its bytes.</param>
    public void Begin(JournalAnswer answer, long length)
    {
        if (!IsKept)
            return;
        Add(answer, length);
        Account();
    }

    /// <summary>An answer begins whose length is not known; <see cref="Grow"/> and <see cref="Close"/> follow.</summary>
    public void BeginOpen(JournalAnswer answer) => Begin(answer, Unknown);

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
        _answers[0] = _answers[0] with { Answer = answer };
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
        _answers.Insert(0, new(answer, length, 0));
        _size += SizeOf(answer);
    }

    /// <summary>What was used up to now has had all its effects, and the session says which.</summary>
    public void Account()
    {
        _isDirty |= IsKept;
        _accounted = Consumed;
    }

    /// <summary>Bytes have left.</summary>
    public void Sent(long count)
    {
        _sentOfFirst += count;
        while (_answers.Count > 0 && _answers[0].Length is not Unknown and var length && _sentOfFirst >= length)
        {
            _sentOfFirst -= length;
            _written += length;
            var isDirty = _isDirty;
            Remove(0);
            // That it is still there does no harm: the kernel's count says that it has left.
            _isDirty = isDirty;
        }
    }

    /// <summary>Brings the slot up to date.</summary>
    public void Save()
    {
        if (!_isDirty)
            return;
        _isDirty = false;
        var answers = new JournalAnswer[_answers.Count];
        for (var i = 0; i < answers.Length; i++)
            answers[i] = _answers[i].Answer;
        slot!.Write(new(_written, _accounted, session(), new Arr<JournalAnswer>(answers), Ahead: default));
    }

    /// <summary>Brings the slot up to date even if nothing seems to have happened.</summary>
    public void SaveAnyway()
    {
        _isDirty = IsKept;
        Save();
    }

    private void Remove(int index)
    {
        _size -= SizeOf(_answers[index].Answer);
        _answers.RemoveAt(index);
        _isDirty = IsKept;
    }

    private void Add(JournalAnswer answer, long length)
    {
        _answers.Add(new(answer, length, 0));
        _size += SizeOf(answer);
    }

    private static int SizeOf(JournalAnswer answer) =>
        answer switch
        {
            JournalAnswer.File file => OfAnswer + file.Path.Span.Length,
            JournalAnswer.Literal literal => literal.Bytes.Length,
            _ => OfAnswer,
        };

    private readonly record struct Kept(JournalAnswer Answer, long Length, long Grown);
}
