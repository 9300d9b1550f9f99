namespace Trainyard.Core.Textbook;

/// <summary>Where bytes of a response come from.</summary>
public enum LayoutPartKind
{
    /// <summary>Headers, name and size: computed by the layout.</summary>
    Literal,

    /// <summary>The file.</summary>
    File,
}
