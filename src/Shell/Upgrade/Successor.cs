using System.Diagnostics.CodeAnalysis;
using Trainyard.Core.Custody;
using Trainyard.Core.Pool;
using Trainyard.Core.Succession;
using Trainyard.Shell.Diagnostics;
using Trainyard.Shell.Linux;
using Trainyard.Shell.Master;

namespace Trainyard.Shell.Upgrade;

/// <summary>A new master as the old one holds it: its process, the lane to it, and what was given to it and not yet confirmed.</summary>
internal sealed class Successor : IDisposable
{
    // The kernel bounds what may be on its way: messages in a lane, and descriptors in flight (unix(7), ETOOMANYREFS).
    private const int MostUnconfirmed = 64;

    private readonly Queue<(ConnectionId Id, HeldConnection Held, byte[] Journal)> _waiting = new();
    private readonly HashSet<ConnectionId> _unconfirmed = [];

    private Successor(int pid, ProcessDescriptor process, SuccessionChannel lane)
    {
        Pid = pid;
        Process = process;
        Lane = lane;
    }

    /// <summary>Its process id.</summary>
    public int Pid { get; }

    /// <summary>Its process.</summary>
    public ProcessDescriptor Process { get; }

    /// <summary>The lane to it.</summary>
    public SuccessionChannel Lane { get; }

    /// <summary>Whether the lane is still being waited for.</summary>
    public bool LaneOpen { get; set; } = true;

    /// <summary>Whether it has said that it serves.</summary>
    public bool Serves { get; set; }

    /// <summary>Whether it has failed or was given up: what it still says does not count.</summary>
    public bool GivenUp { get; set; }

    /// <summary>Starts it, and passes it the listeners; they wait in the lane until it is up.</summary>
    /// <param name="program">What to run.</param>
    /// <param name="environment">Variables for it alone.</param>
    /// <param name="listeners">What it is to listen on.</param>
    /// <param name="successor">The successor; null after a failure.</param>
    /// <returns>Why there is none.</returns>
    public static Errno Start(
        SuccessorProgram program,
        IEnumerable<KeyValuePair<string, string>> environment,
        IReadOnlyList<Listener> listeners,
        [NotNullWhen(true)] out Successor? successor)
    {
        successor = null;
        var (ours, theirs) = Libc.SocketPair(LaneKind.Packets, nonBlocking: true);
        var lane = new SuccessionChannel(ours);
        using (theirs)
        {
            // Sent before there is anybody to read it: a program that closes its lane at once has failed, not this.
            var inherit = new SuccessionMessage.Inherit(
                Environment.ProcessId, JournalSlot.Version, new LanguageExt.Arr<InheritedListener>(listeners.Select(Describe)));
            var passed = lane.Send(inherit, [.. listeners.Select(listener => listener.Socket)]);
            var spawned = passed.IsOk
                ? Libc.Spawn(program.Path, program.Arguments, Variables(environment), [(theirs, Predecessor.LaneNumber)])
                : new SpawnResult(0, passed.Error);
            if (!spawned.IsOk)
            {
                lane.Dispose();
                return spawned.Error;
            }
            var opened = Libc.OpenProcess(spawned.ProcessId);
            if (!opened.IsOk)
            {
                // It finds its lane closed, and leaves.
                lane.Dispose();
                return opened.Error;
            }
            successor = new(spawned.ProcessId, opened.Descriptor, lane);
            return Errno.None;
        }
    }

    /// <summary>Gives a connection to it, now or when earlier ones are confirmed.</summary>
    /// <param name="id">Its name here.</param>
    /// <param name="held">The connection.</param>
    /// <param name="journal">What was said of it.</param>
    public void HandOn(ConnectionId id, HeldConnection held, byte[] journal)
    {
        _waiting.Enqueue((id, held, journal));
        SendWaiting();
    }

    /// <summary>It has answered for a connection.</summary>
    /// <returns>Whether the connection was asked about.</returns>
    public bool Confirm(ConnectionId id)
    {
        if (!_unconfirmed.Remove(id))
            return false;
        SendWaiting();
        return true;
    }

    /// <summary>It will not answer any more.</summary>
    /// <returns>The connections for which it has not.</returns>
    public IReadOnlyList<ConnectionId> TakeUnanswered()
    {
        ConnectionId[] unanswered = [.. _unconfirmed.Order(Comparer<ConnectionId>.Create((a, b) => a.Value.CompareTo(b.Value))), .. _waiting.Select(entry => entry.Id)];
        _unconfirmed.Clear();
        _waiting.Clear();
        return unanswered;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Lane.Dispose();
        Process.Dispose();
    }

    // A lane that is closed is noticed where it is read; then nothing that waits here is answered.
    private void SendWaiting()
    {
        while (_unconfirmed.Count < MostUnconfirmed && _waiting.TryPeek(out var next))
        {
            if (!Lane.Send(new SuccessionMessage.HandOn(next.Id, next.Held.Name.ToString(), new(next.Journal)), next.Held.Socket).IsOk)
                return;
            _waiting.Dequeue();
            _unconfirmed.Add(next.Id);
        }
    }

    private static InheritedListener Describe(Listener listener) =>
        listener is { HasOwnName: true, EndPoint: var endPoint } ? new(endPoint.ToString()!, IsOwnPath: true) : new(EndPointText.Of(listener.EndPoint), IsOwnPath: false);

    private static Dictionary<string, string> Variables(IEnumerable<KeyValuePair<string, string>> own)
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (System.Collections.DictionaryEntry variable in Environment.GetEnvironmentVariables())
            variables[(string)variable.Key] = (string?)variable.Value ?? "";
        foreach (var (name, value) in own)
            variables[name] = value;
        variables[Predecessor.Variable] = Predecessor.VariableValue;
        return variables;
    }
}
