namespace Trainyard.Core.Textbook;

/// <summary>What one call of <see cref="ReceiverMachine.Read"/> found.</summary>
public readonly record struct ReceiverStep
{
    internal ReceiverStep(ReceiverState state, ReceiverAction action, int consumed = 0, int dataOffset = 0, int needed = 0)
    {
        State = state;
        Action = action;
        Consumed = consumed;
        DataOffset = dataOffset;
        Needed = needed;
    }

    /// <summary>The state after it.</summary>
    public ReceiverState State { get; }

    /// <summary>What was found.</summary>
    public ReceiverAction Action { get; }

    /// <summary>Bytes of the input used up; the next call begins after them.</summary>
    public int Consumed { get; }

    /// <summary>Where in the input the file bytes begin: after the header consumed with them, or at 0.</summary>
    public int DataOffset { get; }

    /// <summary>How many file bytes of the input were found; 0 unless <see cref="ReceiverAction.Data"/>.</summary>
    public int DataLength => Action == ReceiverAction.Data ? Consumed - DataOffset : 0;

    /// <summary>How many more bytes, at least, another call takes to find anything; 0 unless <see cref="ReceiverAction.NeedMore"/>.</summary>
    public int Needed { get; }

    /// <summary>The file bytes found, where they lie in <paramref name="input"/>, the input of the call.</summary>
    public ReadOnlySpan<byte> Data(ReadOnlySpan<byte> input) =>
        DataOffset + DataLength <= input.Length ? input.Slice(DataOffset, DataLength) : default;
}
