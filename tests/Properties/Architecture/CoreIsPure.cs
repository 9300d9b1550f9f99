using System.Reflection;
using LanguageExt;
using Trainyard.Core.Textbook;
using Xunit;

namespace Trainyard.Properties.Architecture;

/// <summary>Core decides and does nothing: what it may refer to, and what it may not hold.</summary>
public class CoreIsPure
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    /// <summary>Facades without files, sockets, threads or processes. Whatever of those System.Runtime carries, the banned symbols catch.</summary>
    private static readonly string[] AllowedReferences =
    [
        "LanguageExt.Core", "System.Collections", "System.Collections.Immutable", "System.Formats.Cbor", "System.IO.Hashing", "System.Linq",
        "System.Memory", "System.Runtime", "System.Runtime.Extensions", "System.Runtime.Intrinsics", "System.Text.Encoding.Extensions",
    ];

    /// <summary>Lazy, slow at the first use, or throwing; see CONTRIBUTING.</summary>
    private static readonly System.Collections.Generic.HashSet<Type> Forbidden =
    [
        typeof(Seq<>), typeof(LanguageExt.HashMap<,>), typeof(LanguageExt.HashSet<>), typeof(Try<>), typeof(TryAsync<>), typeof(TryOption<>),
        typeof(Record<>), typeof(Task), typeof(Task<>), typeof(ValueTask), typeof(ValueTask<>),
    ];

    private static readonly Assembly Core = typeof(SenderMachine).Assembly;

    [Fact]
    public void It_references_only_assemblies_that_can_do_nothing() =>
        Assert.Empty(Core.GetReferencedAssemblies().Select(static name => name.Name!).Except(AllowedReferences));

    [Fact]
    public void It_declares_no_forbidden_collection_or_effect() =>
        Assert.Empty(Core.GetTypes().SelectMany(static type => Uses(type).Where(IsForbidden).Select(used => $"{type}: {used}")));

    [Fact]
    public void The_search_finds_a_forbidden_type_wherever_it_hides()
    {
        Type[] hideouts = [typeof(InField), typeof(InSignature), typeof(InLocal), typeof(InBase), typeof(InArgument)];
        Assert.All(hideouts, static type => Assert.Contains(Uses(type), IsForbidden));
        Assert.DoesNotContain(Uses(typeof(Clean)), IsForbidden);
    }

    private static IEnumerable<Type> Uses(Type type) =>
        type.GetFields(Declared).Select(static field => field.FieldType)
            .Concat(type.GetMethods(Declared).SelectMany(Uses))
            .Concat(type.GetMethods(Declared).Select(static method => method.ReturnType))
            .Concat(type.GetConstructors(Declared).SelectMany(Uses))
            .Concat(type.GetInterfaces())
            .Append(type.BaseType ?? typeof(object));

    private static IEnumerable<Type> Uses(MethodBase method) =>
        method.GetParameters().Select(static parameter => parameter.ParameterType)
            .Concat(method.GetMethodBody()?.LocalVariables.Select(static local => local.LocalType) ?? []);

    private static bool IsForbidden(Type type) =>
        type.HasElementType ? IsForbidden(type.GetElementType()!)
        : type.IsGenericType ? Forbidden.Contains(type.GetGenericTypeDefinition()) || type.GetGenericArguments().Any(IsForbidden)
        : Forbidden.Contains(type);

    private sealed class Clean
    {
        public static Arr<int> Method(Option<int> option) => [.. option.ToArray()];
    }

    private sealed class InField
    {
        public static readonly Seq<int> Field = [];
    }

    private abstract class InSignature
    {
        public abstract void Method(Try<int> parameter);
    }

    private sealed class InLocal
    {
        public static int Method(int[] numbers)
        {
            var sequence = numbers.ToSeq();
            return sequence.Count + sequence.Head();
        }
    }

    private sealed class InBase : Record<InBase>;

    private abstract class InArgument
    {
        public abstract Option<LanguageExt.HashMap<int, int>[]> Method();
    }
}
