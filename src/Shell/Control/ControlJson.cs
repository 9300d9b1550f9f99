using System.Text.Json.Serialization;

namespace Trainyard.Shell.Control;

/// <summary>What is written as JSON, and with which names. Source generated: nothing is reflected on.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    AllowDuplicateProperties = false)]
[JsonSerializable(typeof(ControlRequestDocument))]
[JsonSerializable(typeof(ControlAnswer))]
[JsonSerializable(typeof(StatusDocument))]
[JsonSerializable(typeof(Certificate))]
internal sealed partial class ControlJson : JsonSerializerContext;
