using Trainyard.Core.Custody;
using Trainyard.Core.Protocol;
using Trainyard.Integration.Support;
using Trainyard.Shell.Lanes;
using Trainyard.Shell.Serving.Native;
using Xunit;

namespace Trainyard.Integration.Native;

/// <summary>What a session says in its slot, against a model that keeps everything: at any moment another worker finds there what is left to be sent.</summary>
public sealed class SessionJournalTests
{
    private static readonly int Runs = LongRun.Or(100_000, 2_000);
    private static readonly JournalAnswer Open = new JournalAnswer.Unrepeatable(JournalObstacle.Answer);
    private static readonly JournalSession Session = new(SessionLimits.Default, HashAlgorithm.Xxh128, new JournalIntake.Requests());

    [Fact]
    public void The_slot_always_says_what_is_left()
    {
        using var journal = Journal.Create();
        var slots = new JournalSlots(journal);
        for (var seed = 0; seed < Runs; seed++)
        {
            var slot = slots.Take([]);
            new Model(journal, slot, new Random(seed)).Run();
            slots.Return(slot);
        }
    }

    private sealed class Model(Journal memory, int slot, Random random)
    {
        private readonly List<Item> _begun = [];
        private SessionJournal _journal = new(memory.At(slot), static () => Session);
        private List<Item> _said = [];
        private long _accounted;
        private long _accountedThere;
        private long _sent;
        private long _gathered;

        private bool IsOpen => _begun is [.., { IsOpen: true }];

        public void Run()
        {
            memory.At(slot)!.Read();
            for (var step = 0; step < 60; step++)
            {
                Step(random.Next(9));
                Look();
            }
        }

        private void Step(int what)
        {
            switch (what)
            {
                case 0 when !IsOpen:
                    Begin(new(FileAnswer(random.Next(1, 400), out var length), _gathered, length));
                    _gathered += length;
                    break;
                case 1:
                    Say(random.Next(1, 60));
                    break;
                case 2 when !IsOpen:
                    Begin(new(Open, _gathered, 0) { IsOpen = true });
                    break;
                case 3 when IsOpen:
                    _begun[^1] = _begun[^1] with { IsOpen = false };
                    _journal.Close();
                    Forget();
                    break;
                case 4 when _gathered > _sent:
                    Send(random.NextInt64(1, _gathered - _sent + 1));
                    break;
                case 5:
                    Save();
                    break;
                case 6 when !IsOpen:
                    Change();
                    break;
                case 7 when _sent == _gathered && !IsOpen:
                    Interrupt();
                    break;
                case 8 when random.Next(4) == 0:
                    Die();
                    break;
                default:
                    break;
            }
        }

        private void Begin(Item item)
        {
            _journal.Consumed = _accounted += 10;
            if (item.IsOpen)
                _journal.BeginOpen(item.Answer);
            else
                _journal.Begin(item.Answer, item.Length);
            _begun.Add(item);
        }

        private void Say(int length)
        {
            var literal = new JournalAnswer.Literal(new(new byte[length]));
            if (!_journal.Grow(length))
                Begin(new(literal, _gathered, length));
            else
                _begun[^1] = _begun[^1] with { Length = _begun[^1].Length + length };
            _gathered += length;
        }

        // Journalled, done, and answered: what was journalled first is never sent.
        private void Change()
        {
            Begin(new(Open, _gathered, 0) { IsOpen = true });
            Save();
            Look();
            _journal.WithdrawLast();
            _begun.RemoveAt(_begun.Count - 1);
            Say(random.Next(1, 60));
        }

        private void Send(long count)
        {
            Save();
            _sent += count;
            Look();
            _journal.Sent(count);
            Forget();
        }

        private void Forget() => _begun.RemoveAll(item => !item.IsOpen && item.Start + item.Length <= _sent);

        /// <summary>A file turns out to be another one, and an error comes in place of its rest.</summary>
        private void Interrupt()
        {
            Begin(new(FileAnswer(500, out var length), _gathered, length));
            if (random.Next(2) == 0)
            {
                _gathered += length - 1;
                Send(random.NextInt64(1, length - 1));
                _gathered = _sent;
            }
            var error = new JournalAnswer.Literal(new(new byte[33]));
            _journal.ReplaceFirst(error, 33);
            _begun[0] = new(error, _sent, 33);
            _gathered = _sent + 33;
        }

        private void Save()
        {
            _journal.Account();
            _journal.Save();
            _said = [.. _begun];
            _accountedThere = _accounted;
        }

        private void Die()
        {
            var record = (JournalRecord)memory.At(slot)!.Read().Case!;
            if (record.Sequence == 0 || Recovery.Judge(record.Entry, new(_sent, record.Entry.Taken)) is not RecoveryVerdict.Continue(var rest, var position, _, _)
                || rest.Answers.Any(static answer => answer is JournalAnswer.Unrepeatable))
                return;
            var own = memory.At(slot)!;
            own.Read();
            _journal = new(own, static () => Session);
            _journal.Restore(rest, position, 0);
            _begun.Clear();
            _begun.AddRange(Left());
            _accounted = _accountedThere;
            _gathered = _begun.Count == 0 ? _sent : _begun[^1].Start + _begun[^1].Length;
        }

        /// <summary>What is left of what was said, found by counting.</summary>
        private List<Item> Left() => [.. _said.SkipWhile(item => item.Answer != Open && item.Start + item.Length <= _sent)];

        private void Look()
        {
            var record = (JournalRecord)memory.At(slot)!.Read().Case!;
            var verdict = Recovery.Judge(record.Entry, new(_sent, record.Entry.Taken));
            if (record.Sequence == 0)
            {
                Assert.Equal(0, _sent);
                return;
            }
            Assert.Equal(_accountedThere, record.Entry.Taken);
            Assert.Equal(Session, record.Entry.Session);
            var left = Left();
            if (left is [{ Answer: JournalAnswer.Unrepeatable } open, ..] && open.Start < _sent)
            {
                Assert.Equal(new RecoveryVerdict.Fail(new RecoveryError.Unrepeatable(JournalObstacle.Answer)), verdict);
                return;
            }
            var expected = new RecoveryVerdict.Continue(
                record.Entry with { Written = left.Count == 0 ? _sent : left[0].Start, Answers = new([.. left.Select(static item => item.Answer)]) },
                left.Count == 0 ? 0 : _sent - left[0].Start, 0);
            Assert.Equal(expected, verdict);
        }
    }

    private static JournalAnswer.File FileAnswer(int size, out long length)
    {
        var meta = new Message.Meta(size, 0, 0, new("identity"u8), 100, HashAlgorithm.Xxh128);
        length = ResponseLayout.Create(default, meta).IfLeft(static () => throw new InvalidOperationException()).Length;
        return new(RawSession.PathOf("file"), default, meta, new(new byte[size % 100]));
    }

    /// <summary>An answer, where in the stream it begins, and its bytes; of an open one those up to now.</summary>
    private sealed record Item(JournalAnswer Answer, long Start, long Length)
    {
        public bool IsOpen { get; init; }
    }
}
