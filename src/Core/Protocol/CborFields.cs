using System.Runtime.CompilerServices;

namespace Trainyard.Core.Protocol;

/// <summary>The fields of a CBOR map with small integer keys, in whatever order they come. Keys that nobody knows are stepped over.</summary>
/// <remarks>
/// The first thing that is wrong is kept as <see cref="Error"/> and everything read after it is empty, so a message is read without
/// a branch a field and judged once at the end.
/// </remarks>
internal ref partial struct CborFields
{
    /// <summary>Keys below this one can be known.</summary>
    internal const int KnownKeys = 16;

    private readonly ReadOnlySpan<byte> _input;
    private Offsets _offsets;

    private CborFields(ReadOnlySpan<byte> input, MessageError? error = null)
    {
        _input = input;
        Error = error;
    }

    /// <summary>What is wrong first; <c>null</c> while nothing is.</summary>
    internal MessageError? Error { get; private set; }

    /// <summary>Finds the fields of the map that is the whole of <paramref name="input"/>.</summary>
    internal static CborFields Of(ReadOnlySpan<byte> input)
    {
        var fields = At(input, 0, out var end);
        if (fields.Error is null && end != input.Length)
            fields.Fail(new MessageError.Trailing(end));
        return fields;
    }

    /// <summary>Finds the fields of the map that begins at <paramref name="position"/>, and where it ends.</summary>
    internal static CborFields At(ReadOnlySpan<byte> input, int position, out int end)
    {
        var fields = new CborFields(input);
        var scanner = new CborScanner(input, position);
        end = position;
        if (!scanner.TryHead(out var type, out var count))
            return new(input, new MessageError.Malformed(scanner.Position));
        if (type != CborScanner.Map)
            return new(input, new MessageError.NotAMap(position));
        for (var pair = 0UL; pair < count && fields.Error is null; pair++)
            fields.Find(ref scanner);
        end = scanner.Position;
        return fields;
    }

    /// <summary>Whether the key is there.</summary>
    internal readonly bool Has(int key) => Error is null && _offsets[key] > 0;

    /// <summary>Keeps the first error.</summary>
    internal void Fail(MessageError error) => Error ??= error;

    private void Find(ref CborScanner scanner)
    {
        var at = scanner.Position;
        if (!scanner.TryHead(out var type, out var key))
        {
            Fail(new MessageError.Malformed(scanner.Position));
            return;
        }
        if (type is not (CborScanner.Unsigned or CborScanner.Negative))
        {
            Fail(new MessageError.NotAMap(at));
            return;
        }
        if (type == CborScanner.Unsigned && key < KnownKeys)
        {
            if (_offsets[(int)key] > 0)
                Fail(new MessageError.DuplicateKey((int)key));
            _offsets[(int)key] = scanner.Position;
        }
        if (!scanner.TrySkip())
            Fail(new MessageError.Malformed(scanner.Position));
    }

    /// <summary>Where the value of each known key begins; 0, where no value can begin, for none.</summary>
    [InlineArray(KnownKeys)]
    private struct Offsets
    {
        private int _first;
    }
}
