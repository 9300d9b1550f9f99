using System.Reflection;
using Trainyard.Core.Protocol;
using Trainyard.Core.Textbook;
using Trainyard.Properties.Arbitraries;

namespace Trainyard.Properties.Architecture;

/// <summary>Values of every case of a closed union, made by reflection, so that a new case is fed without a word here.</summary>
internal static class UnionCases
{
    private static readonly Assembly Core = typeof(SenderMachine).Assembly;

    private static readonly FileName Name = TextbookFilesArbitrary.Name("a\u202eb"u8.ToArray());

    /// <summary>The closed unions of Core: abstract records whose cases are nested in them.</summary>
    internal static IEnumerable<Type> Unions => Core.GetTypes().Where(static type => type.IsAbstract && !type.IsSealed && !type.IsInterface);

    /// <summary>The cases of a union.</summary>
    internal static Type[] Of(Type union) => [.. union.GetNestedTypes().Where(type => type.BaseType == union)];

    /// <summary>At least one value of every case, several where a case has fields.</summary>
    internal static IEnumerable<T> Values<T>() => Values(typeof(T)).Cast<T>();

    private static IEnumerable<object> Values(Type type)
    {
        if (Of(type) is { Length: > 0 } cases)
            return cases.SelectMany(Values);
        if (type.IsEnum)
            return Enum.GetValues(type).Cast<object>();
        if (Samples(type) is { } samples)
            return samples;
        return type.GetConstructors().OrderByDescending(static c => c.GetParameters().Length).First() is var constructor
            ? Combinations(constructor.GetParameters()).Select(constructor.Invoke)
            : [];
    }

    private static object[]? Samples(Type type) =>
        type == typeof(long) ? [0L, 1L, -1L, 1000L, long.MaxValue, long.MinValue]
        : type == typeof(int) ? [0, 1, 255, -1, int.MaxValue]
        : type == typeof(byte) ? [(byte)0, (byte)0x7f]
        : type == typeof(bool) ? [true, false]
        : type == typeof(string) ? ["workers"]
        : type == typeof(TimeSpan) ? [TimeSpan.FromSeconds(30), TimeSpan.MinValue]
        : type == typeof(FileName) ? [Name]
        : type == typeof(Opaque) ? [default(Opaque), new Opaque([1, 2])]
        : type == typeof(Failure) ? [Failure.Of(ErrorCode.Busy), Failure.Of(ErrorCode.NoSpace, "\u001b[2J\u202e")]
        : type == typeof(TextbookLayout) ? [new TextbookFile(Dialect.Sized, Name, new byte[1500]).Layout]
        : null;

    private static IEnumerable<object[]> Combinations(ParameterInfo[] parameters) =>
        parameters.Aggregate(
            (IEnumerable<object[]>)[[]],
            static (heads, parameter) => heads.SelectMany(head => Values(parameter.ParameterType).Select(value => (object[])[.. head, value])));
}
