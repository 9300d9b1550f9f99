namespace Trainyard.Core.Custody;

/// <summary>What a store finds of an upload whose worker is gone.</summary>
public enum UploadFound
{
    /// <summary>Neither its temporary file nor a file that was made of it: one without a name dies with its worker.</summary>
    Nothing,

    /// <summary>Its temporary file.</summary>
    Partial,

    /// <summary>The file itself under its final name.</summary>
    Named,
}
