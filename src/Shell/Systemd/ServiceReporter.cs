using System.Globalization;
using Trainyard.Core.Pool;

namespace Trainyard.Shell.Systemd;

/// <summary>Says to the service manager what the pool's states mean to it.</summary>
internal sealed class ServiceReporter(SystemdNotifier notifier)
{
    private bool _leads;
    private bool _isUp;
    private PoolGoal.Reloaded? _reload;

    /// <summary>From now on it is this process that speaks for the service.</summary>
    public void Lead() => _leads = true;

    /// <summary>Looks at a step of the pool.</summary>
    public void Look(PoolEvent? ev, PoolState before, PoolState after)
    {
        if (!_leads)
            return;
        if (!_isUp && new PoolGoal.Resized(after.Target).Of(after) is GoalStatus.Reached)
        {
            _isUp = true;
            notifier.Ready(Serving(after));
        }
        if (_isUp && ev is PoolEvent.Reload && after.IsRunning)
        {
            _reload = new(new WorkerId(before.Spawned));
            notifier.Reloading();
        }
        if (_reload?.Of(after) is GoalStatus.Reached)
        {
            _reload = null;
            notifier.Ready(Serving(after));
        }
        if (_isUp && before.IsRunning && !after.IsRunning && !after.HasSuccessor)
            notifier.Stopping(after.Phase is Phase.Draining ? "draining: running transfers may finish" : "stopping");
    }

    private static string Serving(PoolState state) =>
        string.Create(CultureInfo.InvariantCulture, $"serving with {state.Target} workers");
}
