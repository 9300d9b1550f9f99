using System.Formats.Cbor;
using System.Text;
using LanguageExt;

namespace Trainyard.Core.Protocol;

/// <summary>Writes one field of a map: a key and its value, or nothing where there is no value.</summary>
internal static class CborWriting
{
    internal static void Number(this CborWriter w, int key, long? value)
    {
        if (value is not { } number)
            return;
        w.WriteInt32(key);
        w.WriteInt64(number);
    }

    internal static void Numbers(this CborWriter w, int key, Arr<int> values)
    {
        w.WriteInt32(key);
        w.WriteStartArray(values.Count);
        foreach (var value in values)
            w.WriteInt32(value);
        w.WriteEndArray();
    }

    internal static void Flag(this CborWriter w, int key, bool value)
    {
        if (!value)
            return;
        w.WriteInt32(key);
        w.WriteBoolean(value);
    }

    internal static void Bytes(this CborWriter w, int key, Opaque value)
    {
        if (value.IsEmpty)
            return;
        w.WriteInt32(key);
        w.WriteByteString(value.Span);
    }

    internal static void Path(this CborWriter w, int key, RemotePath? value)
    {
        if (value is null)
            return;
        w.WriteInt32(key);
        w.WriteByteString(value.Span);
    }

    /// <summary>A string that is no valid UTF-16 would make the writer throw; the round trip replaces what is wrong in it.</summary>
    internal static void Text(this CborWriter w, int key, string value)
    {
        if (value.Length == 0)
            return;
        w.WriteInt32(key);
        w.WriteTextString(Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(value)));
    }
}
