using System.CommandLine;
using System.CommandLine.Parsing;
using System.Net;
using System.Net.Sockets;
using Trainyard.Core.Textbook;

namespace Trainyard.Cli;

/// <summary>Arguments and options that both programs have, and how each is read.</summary>
internal static class Choices
{
    /// <summary>An option that takes one of a few words, the first where it is not given.</summary>
    public static Option<Choice<T>> OneOf<T>(string name, string description, params IReadOnlyList<Choice<T>> choices)
    {
        var words = string.Join(", ", choices.Select(choice => choice.Word));
        return new(name)
        {
            Description = description,
            HelpName = string.Join('|', choices.Select(choice => choice.Word)),
            DefaultValueFactory = _ => choices[0],
            CustomParser = result =>
            {
                foreach (var choice in choices)
                    if (result.Tokens[0].Value == choice.Word)
                        return choice;
                result.AddError($"{name} is one of {words}, not '{result.Tokens[0].Value}'");
                return choices[0];
            },
        };
    }

    /// <summary>The dialect.</summary>
    public static Option<Choice<Dialect>> DialectOption() =>
        OneOf<Dialect>("--dialect", "what is spoken",
            new("trains", Dialect.Trains), new("sized", Dialect.Sized), new("whole", Dialect.Whole), new("echo", Dialect.Echo));

    /// <summary>A duration option; <c>null</c> is no limit.</summary>
    public static Option<Choice<TimeSpan?>> Duration(string name, string description, Choice<TimeSpan?> fallback) =>
        new(name)
        {
            Description = $"{description}; seconds, or with a unit (ms, s, m, h), or none",
            HelpName = "time",
            DefaultValueFactory = _ => fallback,
            CustomParser = result =>
            {
                if (!Units.TryParseDuration(result.Tokens[0].Value, out var duration))
                    result.AddError($"{name} takes a time such as 30s, 500ms, 2m or none, not '{result.Tokens[0].Value}'");
                return new(result.Tokens[0].Value, duration);
            },
        };

    /// <summary>A size option.</summary>
    public static Option<long> Size(string name, string description, long fallback) =>
        new(name)
        {
            Description = $"{description}; bytes, or with a unit (K, M, G, T)",
            HelpName = "size",
            DefaultValueFactory = _ => fallback,
            CustomParser = result =>
            {
                if (!Units.TryParseSize(result.Tokens[0].Value, out var bytes))
                    result.AddError($"{name} takes a size such as 4096, 64K, 1M or 1G, not '{result.Tokens[0].Value}'");
                return bytes;
            },
        };

    /// <summary>A rate option; <c>null</c> is no limit.</summary>
    public static Option<Choice<long?>> Rate(string name, string description) =>
        new(name)
        {
            Description = $"{description}; bytes a second, or with a unit (K, M, G, T), or none",
            HelpName = "rate",
            DefaultValueFactory = _ => new("none", null),
            CustomParser = result =>
            {
                var word = result.Tokens[0].Value;
                if (word == "none")
                    return new(word, null);
                if (Units.TryParseSize(word.EndsWith("/s", StringComparison.Ordinal) ? word[..^2] : word, out var bytes) && bytes > 0)
                    return new(word, bytes);
                result.AddError($"{name} takes a rate such as 500K, 10M or none, not '{word}'");
                return new(word, null);
            },
        };

    /// <summary>A whole number within limits, as an option.</summary>
    public static Option<int> Number(string name, string description, int fallback, int least, int most) =>
        new(name)
        {
            Description = description,
            HelpName = "number",
            DefaultValueFactory = _ => fallback,
            CustomParser = result => NumberIn(result, name, least, most),
        };

    /// <summary>A whole number within limits, as an argument.</summary>
    public static Argument<int> NumberArgument(string name, string description, int least, int most) =>
        new(name) { Description = description, CustomParser = result => NumberIn(result, name, least, most) };

    /// <summary>The IP argument.</summary>
    public static Argument<string> AddressArgument(string description) => new("IP") { Description = description };

    /// <summary>The address that an argument names: a number, or a name to be looked up.</summary>
    /// <exception cref="UsageException">It is neither.</exception>
    public static IPEndPoint EndPointOf(string host, int port)
    {
        if (IPAddress.TryParse(host, out var address))
            return new IPEndPoint(address, port);
        try
        {
            if (Dns.GetHostAddresses(host) is [var first, ..])
                return new IPEndPoint(first, port);
        }
        catch (Exception e) when (e is SocketException or ArgumentException)
        {
            // The sentence below says it.
        }
        throw new UsageException($"'{host}' is neither an IP address nor a known host name");
    }

    /// <summary>The whole number that was written, or an error.</summary>
    public static int NumberIn(ArgumentResult result, string name, int least, int most)
    {
        if (int.TryParse(result.Tokens[0].Value, out var number) && number >= least && number <= most)
            return number;
        result.AddError($"{name} is a whole number from {least} to {most}, not '{result.Tokens[0].Value}'");
        return least;
    }
}
