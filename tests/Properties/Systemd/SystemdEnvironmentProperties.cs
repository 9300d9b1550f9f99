using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Trainyard.Core.Systemd;
using Xunit;

namespace Trainyard.Properties.Systemd;

/// <summary>What the service manager says is understood, or refused with the variable that cannot be meant.</summary>
public class SystemdEnvironmentProperties
{
    private const int Us = 4711;

    [Property]
    public bool Sockets_for_us_are_numbered_from_three_without_a_gap(byte count, bool named)
    {
        string? names = named ? string.Join(':', Enumerable.Range(0, count).Select(i => $"n{i}")) : null;
        return SystemdEnvironment.Sockets($"{Us}", $"{count}", names, Us).Match(
            Right: sockets => sockets.SequenceEqual(
                Enumerable.Range(0, count).Select(i => new PassedSocket(3 + i, named ? $"n{i}" : "unknown"))),
            Left: _ => false);
    }

    [Property]
    public bool Sockets_for_somebody_else_are_left_alone(PositiveInt pid, byte count) =>
        pid.Get == Us
        || SystemdEnvironment.Sockets($"{pid.Get}", $"{count}", null, Us).Match(Right: sockets => sockets.IsEmpty, Left: _ => false);

    [Property]
    public bool A_wrong_number_of_names_is_refused(byte count, byte names) =>
        count == names
        || SystemdEnvironment.Sockets($"{Us}", $"{count}", string.Join(':', Enumerable.Repeat("a", names)), Us).Match(
            Right: _ => false,
            Left: error => error == new SystemdError.NameCount(names, count));

    [Property]
    public bool Any_text_gives_a_value(string? pid, string? fds, string? names) =>
        SystemdEnvironment.Sockets(pid, fds, names, Us).Match(Right: _ => true, Left: _ => true)
        && SystemdEnvironment.Sockets($"{Us}", fds, names, Us).Match(Right: _ => true, Left: _ => true)
        && SystemdEnvironment.Watchdog(fds, pid, Us).Match(Right: _ => true, Left: _ => true);

    [Property]
    public bool The_watchdog_gets_two_signs_of_life_in_its_time(PositiveInt microseconds) =>
        SystemdEnvironment.Watchdog($"{microseconds.Get}", null, Us).Match(
            Right: interval => interval.Match(Some: value => value * 2 == TimeSpan.FromMicroseconds(microseconds.Get), None: () => false),
            Left: _ => false);

    [Theory]
    [InlineData("x", "1", "LISTEN_PID", "x")]
    [InlineData("0", "1", "LISTEN_PID", "0")]
    [InlineData("4711", "-1", "LISTEN_FDS", "-1")]
    [InlineData("4711", "1025", "LISTEN_FDS", "1025")]
    [InlineData("4711", "", "LISTEN_FDS", "")]
    public void What_is_no_number_is_named(string pid, string fds, string variable, string value) =>
        Assert.Equal(
            new SystemdError.NotANumber(variable, value),
            SystemdEnvironment.Sockets(pid, fds, null, Us).Match<SystemdError?>(Right: _ => null, Left: error => error));

    [Theory]
    [InlineData("0", null, "WATCHDOG_USEC", "0")]
    [InlineData("9223372036854775807", null, "WATCHDOG_USEC", "9223372036854775807")]
    [InlineData("1000", "me", "WATCHDOG_PID", "me")]
    public void A_watchdog_that_cannot_be_meant_is_named(string usec, string? pid, string variable, string value) =>
        Assert.Equal(
            new SystemdError.NotANumber(variable, value),
            SystemdEnvironment.Watchdog(usec, pid, Us).Match<SystemdError?>(Right: _ => null, Left: error => error));

    [Fact]
    public void A_watchdog_for_somebody_else_is_none() =>
        Assert.True(SystemdEnvironment.Watchdog("1000", "1", Us).Match(Right: interval => interval.IsNone, Left: _ => false));
}
