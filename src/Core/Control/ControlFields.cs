namespace Trainyard.Core.Control;

/// <summary>A request as it is written down: a flat record whose fields mean something with some commands only.</summary>
/// <param name="Version">The protocol's version, <see cref="ControlProtocol.Version"/>.</param>
/// <param name="Command">Which request.</param>
/// <param name="Wait">Whether the answer comes when it is done; <c>null</c> counts as yes.</param>
/// <param name="Delta">With <c>resize</c>: workers more or fewer.</param>
/// <param name="Workers">With <c>resize</c>: how many workers.</param>
/// <param name="PatienceMs">With <c>drain</c> and <c>upgrade</c>: milliseconds, 0 for no limit; <c>null</c> leaves it to the server.</param>
public readonly record struct ControlFields(
    int Version, string Command, bool? Wait = null, int? Delta = null, int? Workers = null, long? PatienceMs = null);
