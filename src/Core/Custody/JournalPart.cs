namespace Trainyard.Core.Custody;

/// <summary>A part of an entry as the slot has it, made once and written often. One that is longer than a slot is cut, and fits none.</summary>
public sealed class JournalPart
{
    private JournalPart(byte[] bytes) => Bytes = bytes;

    /// <summary>Its bytes in the slot.</summary>
    public int Length => Bytes.Length;

    internal byte[] Bytes { get; }

    /// <summary>A session.</summary>
    public static JournalPart Of(JournalSession? session) => new(JournalEntryCodec.Encode(session));

    /// <summary>An answer.</summary>
    public static JournalPart Of(JournalAnswer answer) => new(JournalEntryCodec.Encode(answer));
}
