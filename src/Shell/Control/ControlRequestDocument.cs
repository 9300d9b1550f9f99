using System.Text.Json.Serialization;
using Trainyard.Core.Control;

namespace Trainyard.Shell.Control;

/// <summary>A request as JSON. A field that is not known is an error: what an operator means by it could matter.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record ControlRequestDocument(
    int Version, string? Command, bool? Wait = null, int? Delta = null, int? Workers = null, long? PatienceMs = null)
{
    internal ControlFields Fields => new(Version, Command ?? "", Wait, Delta, Workers, PatienceMs);

    internal static ControlRequestDocument Of(ControlFields fields) =>
        new(fields.Version, fields.Command, fields.Wait, fields.Delta, fields.Workers, fields.PatienceMs);
}
