using Trainyard.Core.Framing;

namespace Trainyard.Core.Textbook;

/// <summary>Sizes of the textbook dialects, in bytes.</summary>
internal static class TextbookWire
{
    /// <summary>The most data that one train carries (the chapter's <c>char buf[1000]</c>).</summary>
    internal const int Car = 1000;

    /// <summary>A full data train.</summary>
    internal const int FullTrain = TrainHeader.Size + Car;

    /// <summary>The body of a size train: an <c>off_t</c>.</summary>
    internal const int SizeBody = sizeof(long);

    /// <summary>Whether the dialect announces the file's size.</summary>
    internal static bool AnnouncesSize(Dialect dialect) => dialect is Dialect.Sized or Dialect.Whole;

    /// <summary>Whether the dialect carries a file at all.</summary>
    internal static bool CarriesFile(Dialect dialect) => dialect is Dialect.Trains or Dialect.Sized or Dialect.Whole;
}
