using System.CommandLine;
using System.Globalization;
using System.Net;
using Trainyard.Cli;
using Trainyard.Shell;

namespace Trainyard.Server;

/// <summary>The options that limit a pool, the same for every command that runs one.</summary>
internal sealed class LimitOptions
{
    private const int PerAddressBeyondLoopback = 256;

    private readonly Option<Choice<int?>> _perAddress = new("--per-address")
    {
        Description = $"most connections at once from one IPv4 address or IPv6 /64, more are refused; a number, none, or auto: "
            + $"{PerAddressBeyondLoopback}, and none on loopback",
        HelpName = "number",
        DefaultValueFactory = _ => new("auto", null),
        CustomParser = result =>
        {
            var word = result.Tokens[0].Value;
            if (word is "auto" or "none")
                return new(word, null);
            if (int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0)
                return new(word, number);
            result.AddError($"--per-address is a whole number from 1, none or auto, not '{word}'");
            return default;
        },
    };

    private readonly Option<Choice<double?>> _acceptRate = new("--accept-rate")
    {
        Description = "most connections accepted a second, more wait in the kernel; a number or none",
        HelpName = "number",
        DefaultValueFactory = _ => new("none", null),
        CustomParser = result =>
        {
            var word = result.Tokens[0].Value;
            if (word == "none")
                return new(word, null);
            if (double.TryParse(word, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var rate) && rate is >= 0.001 and <= 1e7)
                return new(word, rate);
            result.AddError($"--accept-rate is a number from 0.001 to 10000000, or none, not '{word}'");
            return default;
        },
    };

    private readonly Option<Choice<TimeSpan?>> _hungAfter =
        Choices.Duration("--hung-after", "a worker that shows no life for so long is killed and replaced", new("10s", TimeSpan.FromSeconds(10)));

    private readonly Option<Choice<TimeSpan?>> _stuckAfter =
        Choices.Duration("--stuck-after", "the same where it computes for so long, or is stopped for half of it", new("1s", TimeSpan.FromSeconds(1)));

    private readonly Option<long> _recycleAfter = Choices.Size("--recycle-after", "replace a worker after about so many connections, 0 never", 0);

    private readonly Option<long> _recycleAbove = Choices.Size("--recycle-above", "replace a worker whose resident memory is larger, 0 never", 0);

    /// <summary>Adds them to a command.</summary>
    public void AddTo(Command command)
    {
        command.Add(_perAddress);
        command.Add(_acceptRate);
        command.Add(_hungAfter);
        command.Add(_stuckAfter);
        command.Add(_recycleAfter);
        command.Add(_recycleAbove);
    }

    /// <summary>What they say for a server that listens there.</summary>
    public PoolLimits Of(ParseResult parsed, params IReadOnlyList<EndPoint> addresses)
    {
        var perAddress = parsed.GetValue(_perAddress);
        return new PoolLimits
        {
            PerAddress = perAddress.Word == "auto" && addresses.Any(IsReachable) ? PerAddressBeyondLoopback : perAddress.Value,
            AcceptRate = parsed.GetValue(_acceptRate).Value,
            HungAfter = parsed.GetValue(_hungAfter).Value,
            StuckAfter = parsed.GetValue(_stuckAfter).Value,
            RecycleAfter = parsed.GetValue(_recycleAfter) is > 0 and var connections ? connections : null,
            RecycleAboveBytes = parsed.GetValue(_recycleAbove) is > 0 and var bytes ? bytes : null,
        };
    }

    private static bool IsReachable(EndPoint address) => address is IPEndPoint ip && !IPAddress.IsLoopback(ip.Address);
}
