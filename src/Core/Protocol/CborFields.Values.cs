using System.Text;
using System.Text.Unicode;
using LanguageExt;

namespace Trainyard.Core.Protocol;

internal ref partial struct CborFields
{
    private const int False = 20;
    private const int True = 21;

    /// <summary>A number that must be there.</summary>
    internal long Number(int key, long lowest, long highest) => OptionalNumber(key, lowest, highest) ?? Missing<long>(key);

    /// <summary>A number, or <c>null</c>.</summary>
    internal long? OptionalNumber(int key, long lowest, long highest)
    {
        if (!TryFind(key, out var scanner))
            return null;
        if (!scanner.TryHead(out var type, out var argument) || type is not (CborScanner.Unsigned or CborScanner.Negative))
            return Wrong<long>(key);
        if (argument > long.MaxValue)
            return OutOfRange<long>(key);
        var value = type == CborScanner.Unsigned ? (long)argument : -1 - (long)argument;
        return value < lowest || value > highest ? OutOfRange<long>(key) : value;
    }

    /// <summary>A number that must be there and fits 32 bits.</summary>
    internal int Small(int key, int lowest, int highest) => (int)Number(key, lowest, highest);

    /// <summary>A number that fits 32 bits, or <c>null</c>.</summary>
    internal int? OptionalSmall(int key, int lowest, int highest) => (int?)OptionalNumber(key, lowest, highest);

    /// <summary>A truth value; false where the key is missing.</summary>
    internal bool Flag(int key)
    {
        if (!TryFind(key, out var scanner))
            return false;
        if (!scanner.TryHead(out var type, out var argument) || type != CborScanner.Simple || argument is not (False or True))
            return Wrong<bool>(key);
        return argument == True;
    }

    /// <summary>Bytes; none where the key is missing.</summary>
    internal Opaque Bytes(int key, int highest) => new(Content(key, CborScanner.Bytes, highest));

    /// <summary>Bytes of which there must be some.</summary>
    internal Opaque SomeBytes(int key, int highest)
    {
        var bytes = Bytes(key, highest);
        if (bytes.IsEmpty)
            Fail(Has(key) ? new MessageError.OutOfRange(key) : new MessageError.MissingKey(key));
        return bytes;
    }

    /// <summary>Text; none where the key is missing.</summary>
    internal string TextOf(int key, int highest)
    {
        var bytes = Content(key, CborScanner.Text, highest);
        return Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes) : Wrong<string>(key) ?? "";
    }

    /// <summary>A path, or <c>null</c>.</summary>
    internal RemotePath? OptionalPath(int key)
    {
        if (!Has(key))
            return null;
        var bytes = Content(key, CborScanner.Bytes, RemotePath.MaximumLength);
        if (Error is null && RemotePath.Check(bytes) is { } error)
            Fail(new MessageError.BadPath(key, error));
        return Error is null ? RemotePath.Checked(bytes) : null;
    }

    /// <summary>A path that must be there; <c>null</c> only beside an error.</summary>
    internal RemotePath Path(int key) => OptionalPath(key) ?? Missing<RemotePath>(key)!;

    /// <summary>A hash algorithm that must be there.</summary>
    internal HashAlgorithm Algorithm(int key) => (HashAlgorithm)Small(key, (int)HashAlgorithm.Xxh128, (int)HashAlgorithm.Md5);

    /// <summary>A hash algorithm, or <c>null</c>.</summary>
    internal HashAlgorithm? OptionalAlgorithm(int key) =>
        (HashAlgorithm?)OptionalSmall(key, (int)HashAlgorithm.Xxh128, (int)HashAlgorithm.Md5);

    /// <summary>A list of small numbers above 0, of which those above <paramref name="highest"/> are left out: they are newer than we are.</summary>
    internal Arr<int> KnownNumbers(int key, int highest, int mostItems)
    {
        if (!TryList(key, mostItems, out var scanner, out var count))
            return default;
        var numbers = new List<int>(count);
        for (var i = 0; i < count; i++)
        {
            if (!scanner.TryHead(out var type, out var number) || type != CborScanner.Unsigned)
                return Wrong<Arr<int>>(key);
            if (number >= 1 && number <= (ulong)highest && !numbers.Contains((int)number))
                numbers.Add((int)number);
        }
        return new(numbers);
    }

    /// <summary>A list of directory entries.</summary>
    internal Arr<Entry> Entries(int key, int mostItems)
    {
        if (!TryList(key, mostItems, out var scanner, out var count))
            return default;
        var (entries, next) = (new Entry[count], scanner.Position);
        for (var i = 0; i < count; i++)
        {
            var nested = At(_input, next, out next);
            entries[i] = MessageReader.Entry(ref nested);
            if (nested.Error is { } error)
            {
                Fail(error);
                return default;
            }
        }
        return new(entries);
    }

    /// <summary>A directory entry that must be there.</summary>
    internal Entry Nested(int key)
    {
        if (!Has(key))
            Missing<Entry>(key);
        var nested = Has(key) ? At(_input, _offsets[key], out _) : this;
        var entry = MessageReader.Entry(ref nested);
        if (nested.Error is { } error)
            Fail(error);
        return entry;
    }

    private readonly bool TryFind(int key, out CborScanner scanner)
    {
        scanner = new(_input, _offsets[key]);
        return Has(key);
    }

    private bool TryList(int key, int mostItems, out CborScanner scanner, out int count)
    {
        count = 0;
        if (!TryFind(key, out scanner))
            return Missing<bool>(key);
        if (!scanner.TryHead(out var type, out var items) || type != CborScanner.Array)
            return Wrong<bool>(key);
        if (items > (ulong)mostItems)
            return OutOfRange<bool>(key);
        count = (int)items;
        return true;
    }

    private ReadOnlySpan<byte> Content(int key, int type, int highest)
    {
        if (!TryFind(key, out var scanner))
            return default;
        if (!scanner.TryString(type, out var content))
            Fail(new MessageError.WrongType(key));
        else if (content.Length > highest)
            Fail(new MessageError.OutOfRange(key));
        return Error is null ? content : default;
    }

    private T? Missing<T>(int key)
    {
        Fail(new MessageError.MissingKey(key));
        return default;
    }

    private T? Wrong<T>(int key)
    {
        Fail(new MessageError.WrongType(key));
        return default;
    }

    private T? OutOfRange<T>(int key)
    {
        Fail(new MessageError.OutOfRange(key));
        return default;
    }
}
