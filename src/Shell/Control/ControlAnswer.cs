using System.Text.Json;
using System.Text.Json.Serialization;

namespace Trainyard.Shell.Control;

/// <summary>A server's answer to a request: one line of JSON, names in snake case, what does not apply left out.</summary>
/// <param name="Version">The protocol's version.</param>
/// <param name="Outcome">What came of it.</param>
/// <param name="Reason">Why, in a sentence, where it was refused or failed.</param>
/// <param name="Workers">How many workers serve, where their number was to change.</param>
/// <param name="Status">How the server is, where that was asked.</param>
/// <param name="Certificate">What the server did, where it has ended.</param>
public sealed record ControlAnswer(
    int Version, ControlOutcome Outcome, string? Reason = null, int? Workers = null, StatusDocument? Status = null, Certificate? Certificate = null)
{
    /// <summary>As the server writes it, without the line feed.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, ControlJson.Default.ControlAnswer);
}

/// <summary>What came of a request.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ControlOutcome>))]
public enum ControlOutcome
{
    /// <summary>It is being done; nobody waits for its end.</summary>
    [JsonStringEnumMemberName("accepted")]
    Accepted,

    /// <summary>It is done.</summary>
    [JsonStringEnumMemberName("done")]
    Done,

    /// <summary>It was tried and will not be done.</summary>
    [JsonStringEnumMemberName("failed")]
    Failed,

    /// <summary>It is no request that this server could take; nothing was done.</summary>
    [JsonStringEnumMemberName("refused")]
    Refused,
}
