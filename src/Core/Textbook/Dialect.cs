namespace Trainyard.Core.Textbook;

/// <summary>What a textbook server says on a connection. It speaks first, and there is no word for an error.</summary>
public enum Dialect
{
    /// <summary>Name train, data trains of at most 1000 bytes, zero train.</summary>
    Trains,

    /// <summary>Name train, size train (8 bytes, little-endian), data trains of at most 1000 bytes, zero train.</summary>
    Sized,

    /// <summary>Name train, size train, the file's bytes without any header, zero train.</summary>
    Whole,

    /// <summary>No file: the server returns what the client sends until the client closes its sending side.</summary>
    Echo,
}
