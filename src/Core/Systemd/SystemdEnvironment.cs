using System.Collections.Immutable;
using System.Globalization;
using LanguageExt;
using static LanguageExt.Prelude;

namespace Trainyard.Core.Systemd;

/// <summary>
/// What systemd tells a service through its environment: the sockets that it opened (sd_listen_fds(3)) and how often it wants a sign of
/// life (sd_watchdog_enabled(3)).
/// </summary>
public static class SystemdEnvironment
{
    /// <summary>The descriptor of the first passed socket (SD_LISTEN_FDS_START).</summary>
    public const int FirstSocket = 3;

    /// <summary>The most sockets that are believed; a service of ours has a handful.</summary>
    public const int MostSockets = 1024;

    private const long LongestWatchdog = 1L << 50;

    /// <summary>The sockets that are meant for this process.</summary>
    /// <param name="listenPid">LISTEN_PID; <c>null</c> where it is not set. Sockets for another process are not ours: none.</param>
    /// <param name="listenFds">LISTEN_FDS.</param>
    /// <param name="listenNames">LISTEN_FDNAMES.</param>
    /// <param name="processId">Ours.</param>
    public static Either<SystemdError, ImmutableArray<PassedSocket>> Sockets(
        string? listenPid, string? listenFds, string? listenNames, int processId)
    {
        if (listenPid is null || listenFds is null)
            return Right<SystemdError, ImmutableArray<PassedSocket>>([]);
        if (Number(listenPid, least: 1, int.MaxValue) is not { } owner)
            return Wrong<ImmutableArray<PassedSocket>>(new SystemdError.NotANumber("LISTEN_PID", listenPid));
        if (owner != processId)
            return Right<SystemdError, ImmutableArray<PassedSocket>>([]);
        if (Number(listenFds, least: 0, MostSockets) is not { } count)
            return Wrong<ImmutableArray<PassedSocket>>(new SystemdError.NotANumber("LISTEN_FDS", listenFds));
        string[]? names = listenNames is null ? null : listenNames.Length == 0 ? [] : listenNames.Split(':');
        if (names is not null && names.Length != count)
            return Wrong<ImmutableArray<PassedSocket>>(new SystemdError.NameCount(names.Length, (int)count));
        return Right<SystemdError, ImmutableArray<PassedSocket>>(
            [.. Enumerable.Range(0, (int)count).Select(i => new PassedSocket(FirstSocket + i, names?[i] ?? "unknown"))]);
    }

    /// <summary>How often to say that we live: half of what the service manager waits for, as it recommends.</summary>
    /// <param name="watchdogUsec">WATCHDOG_USEC, in microseconds; <c>null</c> where it is not set.</param>
    /// <param name="watchdogPid">WATCHDOG_PID; <c>null</c> means us.</param>
    /// <param name="processId">Ours.</param>
    /// <returns>The interval; none where nobody waits.</returns>
    public static Either<SystemdError, Option<TimeSpan>> Watchdog(string? watchdogUsec, string? watchdogPid, int processId)
    {
        if (watchdogUsec is null)
            return Right<SystemdError, Option<TimeSpan>>(None);
        if (watchdogPid is not null)
        {
            if (Number(watchdogPid, least: 1, int.MaxValue) is not { } owner)
                return Wrong<Option<TimeSpan>>(new SystemdError.NotANumber("WATCHDOG_PID", watchdogPid));
            if (owner != processId)
                return Right<SystemdError, Option<TimeSpan>>(None);
        }
        return Number(watchdogUsec, least: 1, LongestWatchdog) is { } microseconds
            ? Right<SystemdError, Option<TimeSpan>>(Some(TimeSpan.FromTicks(microseconds * TimeSpan.TicksPerMicrosecond / 2)))
            : Wrong<Option<TimeSpan>>(new SystemdError.NotANumber("WATCHDOG_USEC", watchdogUsec));
    }

    private static long? Number(string text, long least, long most) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : null;

    private static Either<SystemdError, T> Wrong<T>(SystemdError error) => Left<SystemdError, T>(error);
}
