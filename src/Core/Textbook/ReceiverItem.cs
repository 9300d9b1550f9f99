namespace Trainyard.Core.Textbook;

/// <summary>What a receiver is reading.</summary>
public enum ReceiverItem
{
    /// <summary>The name train.</summary>
    NameTrain,

    /// <summary>The size train.</summary>
    SizeTrain,

    /// <summary>The header of a data train, or the zero train.</summary>
    TrainHeader,

    /// <summary>File bytes.</summary>
    FileData,

    /// <summary>The zero train after a file without trains.</summary>
    EndTrain,
}
