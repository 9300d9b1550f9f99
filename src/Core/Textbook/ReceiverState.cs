namespace Trainyard.Core.Textbook;

/// <summary>Where the receiving of one file stands.</summary>
/// <remarks>A value of some 50 bytes without file data. <c>default</c> is the beginning of <see cref="Dialect.Trains"/>.</remarks>
public readonly record struct ReceiverState
{
    internal enum Phase : byte { Name, Size, Header, Data, End, Finished, Refused }

    /// <summary>The dialect spoken.</summary>
    public Dialect Dialect { get; private init; }

    /// <summary>The name, once it has come.</summary>
    public FileName? Name { get; internal init; }

    /// <summary>The announced size in bytes, once it has come; never in <see cref="Dialect.Trains"/>.</summary>
    public long? Size => HasSize ? Announced : null;

    /// <summary>File bytes that have come.</summary>
    public long Received { get; internal init; }

    /// <summary>
    /// File bytes that come next without a header in between; 0 where a header comes next. They may be moved past
    /// <see cref="ReceiverMachine.Read"/> (splice(2), a receive into a mapping) and reported to <see cref="ReceiverMachine.Moved"/>.
    /// </summary>
    public long ExpectedData { get; internal init; }

    /// <summary>Whether the file is whole.</summary>
    public bool IsFinished => At == Phase.Finished;

    /// <summary>Why there will be no whole file; <c>null</c> while there may be.</summary>
    public ReceiverError? Error { get; private init; }

    /// <summary>Whether it has ended, well or badly. Nothing changes any more.</summary>
    public bool IsEnded => At is Phase.Finished or Phase.Refused;

    internal Phase At { get; init; }

    internal bool HasSize { get; init; }

    internal long Announced { get; init; }

    /// <summary>Bytes of the unfinished item that the last call saw and did not consume.</summary>
    internal int Pending { get; init; }

    /// <summary>Bytes the last call knew to be missing of that item.</summary>
    internal int Missing { get; init; }

    /// <summary>Begins to receive a file.</summary>
    public static ReceiverState Start(Dialect dialect) =>
        TextbookWire.CarriesFile(dialect)
            ? new ReceiverState { Dialect = dialect }
            : default(ReceiverState).Refuse(new ReceiverError.NoFileDialect(dialect));

    internal ReceiverState Refuse(ReceiverError error) => this with { At = Phase.Refused, Error = error, ExpectedData = 0 };
}
