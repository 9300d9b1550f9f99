namespace Trainyard.Core.Protocol;

/// <summary>Where bytes of a response come from.</summary>
public enum ResponsePartKind
{
    /// <summary>Headers and control trains: computed by the layout.</summary>
    Literal,

    /// <summary>The file.</summary>
    File,

    /// <summary>The digest of the file bytes, known once the last of them has been read, and the checksum behind it.</summary>
    Digest,
}
