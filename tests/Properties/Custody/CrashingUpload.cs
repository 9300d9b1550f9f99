using System.Buffers.Binary;
using Trainyard.Core.Custody;
using Trainyard.Core.Framing;
using Trainyard.Core.Protocol;
using Trainyard.Properties.Arbitraries;

namespace Trainyard.Properties.Custody;

/// <summary>
/// An upload whose workers die at any step. A client that is asked to send again does so from the offset on, behind a train that says where this
/// begins; until that train the server steps over what was on its way.
/// </summary>
internal sealed class CrashingUpload
{
    private const byte Again = 0x7e;

    private static readonly Message.Put Put =
        new(Messages.PathOf("up"u8), null, null, null, default, default, NoClobber: false, HashAlgorithm.Md5, Eager: true);

    private readonly JournalMemory _journal = new();
    private readonly byte[] _content;
    private readonly int _trainSize;
    private readonly bool _takesFirst;
    private readonly byte[] _choices;
    private readonly List<byte> _incoming = [];
    private int _taken;
    private int _turn;

    internal CrashingUpload(byte[] content, int trainSize, bool takesFirst, byte[] choices)
    {
        (_content, _trainSize, _takesFirst, _choices) = (content, trainSize, takesFirst, choices);
        Client(0);
        _journal.Write(JournalEntry.Fresh with { Session = SessionOf(new(Put, default, default, 0, 0, 0, null)) }, 1, Fuse.Endless);
    }

    /// <summary>What was stored.</summary>
    internal byte[] Stored { get; private set; } = [];

    /// <summary>How often the client was asked to send again.</summary>
    internal int Rewinds { get; private set; }

    /// <summary>Whether all trains came to the end.</summary>
    internal bool IsComplete => _journal.Newest.Entry is { } entry && entry.Taken == _incoming.Count && Upload(entry).Expected == 0;

    internal void Live(Fuse fuse)
    {
        var record = _journal.Newest;
        var sequence = record.Sequence;
        var entry = record.Entry;
        switch (Recovery.Judge(entry, new(0, _taken)))
        {
            case RecoveryVerdict.Continue(var rest, 0, var discard, 0):
                for (entry = rest; discard > 0 && fuse.Burn(); discard--)
                    _taken++;
                break;
            case RecoveryVerdict.Rewind(var rest, 0, _):
                // The client is told once; that the entry says so is one step with the telling here.
                entry = Resynchronise(rest);
                _journal.Write(entry, ++sequence, Fuse.Endless);
                break;
            case var other:
                throw new InvalidOperationException($"{other}");
        }
        while (!fuse.IsBurnt && entry.Taken < _incoming.Count)
        {
            var upload = Upload(entry);
            var at = (int)entry.Taken;
            if (upload.Expected == 0)
            {
                // A header is looked at and journalled before anything behind it is taken.
                entry = entry with { Taken = at + TrainHeader.Size, Session = SessionOf(upload with { Expected = HeaderAt(at) }) };
                if (_journal.Write(entry, ++sequence, fuse))
                    _taken += fuse.Take(TrainHeader.Size);
                continue;
            }
            var count = 1 + (_choices[_turn++ % _choices.Length] % upload.Expected);
            if (_takesFirst)
                _taken += count = fuse.Take(count);
            if (fuse.IsBurnt)
                return;
            Stored = [.. Stored.AsSpan(0, (int)upload.Received), .. Came(at, count)];
            entry = entry with
            {
                Taken = at + count,
                Session = SessionOf(upload with { Received = upload.Received + count, Expected = upload.Expected - count }),
            };
            if (_journal.Write(entry, ++sequence, fuse) && !_takesFirst)
                _taken += fuse.Take(count);
        }
    }

    private byte[] Came(int at, int count) => [.. _incoming.Skip(at).Take(count)];

    /// <summary>Steps over the rest of the train and all others to the one behind which the client begins again.</summary>
    private JournalEntry Resynchronise(JournalEntry rest)
    {
        Rewinds++;
        var upload = Upload(rest);
        var next = (int)rest.Taken + upload.Expected;
        Client((int)upload.Received, _incoming.Count);
        while (_incoming[next + 3] != Again)
            next += TrainHeader.Size + HeaderAt(next);
        _taken = next + TrainHeader.Size;
        return rest with { Taken = _taken, Session = SessionOf(upload with { Expected = 0 }) };
    }

    private int HeaderAt(int at) => TrainHeader.FromWord(BinaryPrimitives.ReadUInt32LittleEndian([.. _incoming.Skip(at).Take(TrainHeader.Size)])).Length;

    private void Client(int offset, int from = 0)
    {
        if (from > 0)
            _incoming.AddRange([0, 0, 0, Again]);
        foreach (var train in _content[offset..].Chunk(_trainSize))
            _incoming.AddRange([(byte)train.Length, (byte)(train.Length >> 8), 0, 0, .. train]);
    }

    private static JournalIntake.Upload Upload(JournalEntry entry) => (JournalIntake.Upload)entry.Session!.Intake;

    private static JournalSession SessionOf(JournalIntake.Upload upload) => new(SessionLimits.Default, HashAlgorithm.Md5, upload);
}
