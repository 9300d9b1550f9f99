using System.Text;
using LanguageExt;
using Trainyard.Core.Lane;
using Trainyard.Core.Protocol;
using Trainyard.Shell.Lanes;
using Trainyard.Shell.Linux;
using Trainyard.Shell.Storage;
using Trainyard.Shell.Worker;

namespace Trainyard.Shell.Serving.Native;

/// <summary>The native protocol over a served directory.</summary>
internal sealed class NativeService : IJournalledService, IObservesPool, ITending, IHasRounds
{
    /// <summary>The name under which a worker knows this service.</summary>
    public const string Name = "native";

    private static readonly Arr<HashAlgorithm> Hashes = new(Enum.GetValues<HashAlgorithm>());

    private readonly ServedTree _tree;
    private readonly SessionTimeouts _timeouts;
    private readonly byte[] _scratch = GC.AllocateUninitializedArray<byte>(256 * 1024, pinned: true);
    private Func<ServerStatus>? _status;
    private long _sessions;

    private NativeService(ServedTree tree, SessionTimeouts timeouts)
    {
        _tree = tree;
        _timeouts = timeouts;
    }

    /// <summary>The service that <paramref name="settings"/> ask for; <c>null</c> where they are not understood.</summary>
    /// <exception cref="TransferException">The directory cannot be served.</exception>
    public static NativeService? Create(Settings settings) =>
        NativeSettings.Decode(settings) is { } decoded ? new(ServedTree.Open(decoded.Root, decoded.ReadOnly), decoded.Timeouts) : null;

    /// <inheritdoc/>
    public void Observe(Func<ServerStatus> status) => _status = status;

    /// <inheritdoc/>
    public void BeginRound() => _tree.BeginRound();

    /// <inheritdoc/>
    public void Tend() => _tree.CloseUnused();

    /// <inheritdoc/>
    public IConnectionDriver Open(Descriptor socket, SlotJournal? journal, Action wake, DateTimeOffset now)
    {
        var session = new Opaque(Encoding.ASCII.GetBytes($"{Environment.ProcessId}-{++_sessions}"));
        var policy = new ServerPolicy(SessionLimits.Default, Hashes, _timeouts, session);
        return new NativeDriver(socket, _tree, _status, policy, journal, _scratch, wake, now);
    }
}
