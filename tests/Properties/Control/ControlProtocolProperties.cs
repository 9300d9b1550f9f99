using FsCheck.Xunit;
using Trainyard.Core.Control;
using Trainyard.Core.Pool;
using Trainyard.Properties.Arbitraries;

namespace Trainyard.Properties.Control;

/// <summary>A request means what was written, and whatever else is written is refused.</summary>
[Properties(Arbitrary = [typeof(ControlRequests)], MaxTest = 500)]
public class ControlProtocolProperties
{
    [Property]
    public bool Read_inverts_write(ControlRequest request, bool wait) =>
        ControlProtocol.Read(ControlProtocol.Write(request, wait)).Match(Right: read => read == (request, wait), Left: _ => false);

    [Property]
    public bool What_is_read_is_written_the_same(ControlFields fields) =>
        ControlProtocol.Read(fields).Match(
            Right: read => ControlProtocol.Write(read.Request, read.Wait) == fields with { Wait = fields.Wait ?? true },
            Left: _ => true);

    [Property]
    public bool No_field_is_ignored(ControlFields fields) =>
        ControlProtocol.Read(fields).Match(
            Right: _ => fields switch
            {
                { Command: "drain" or "upgrade" } => fields is { Delta: null, Workers: null },
                { Command: "resize" } => fields.PatienceMs is null && fields.Delta is null != fields.Workers is null,
                _ => fields is { Delta: null, Workers: null, PatienceMs: null },
            },
            Left: _ => true);

    [Property]
    public bool Another_version_is_said_first(ControlFields fields) =>
        fields.Version == ControlProtocol.Version
        || ControlProtocol.Read(fields).Match(
            Right: _ => false,
            Left: error => error == new ControlError.Version(fields.Version, ControlProtocol.Version));

    [Property]
    public bool Sizes_stay_within_what_a_pool_can_have(ControlFields fields) =>
        ControlProtocol.Read(fields).Match(
            Right: read => read.Request switch
            {
                ControlRequest.ResizeTo(var target) => target is >= 1 and <= PoolPolicy.MostWorkers,
                ControlRequest.ResizeBy(var delta) => delta is not 0 and >= -PoolPolicy.MostWorkers and <= PoolPolicy.MostWorkers,
                _ => true,
            },
            Left: _ => true);
}
