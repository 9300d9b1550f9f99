using System.Reflection;
using Xunit;
using Xunit.Sdk;
using Xunit.v3;

namespace Trainyard.Integration.Support;

/// <summary>Every pair of a dialect and a way.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class CombinatorialNamesAttribute(string a, string b, string c, params string[] right) : DataAttribute
{
    /// <inheritdoc/>
    public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(MethodInfo testMethod, DisposalTracker disposalTracker) =>
        new([.. ((string[])[a, b, c]).SelectMany(first => right.Select(second => new TheoryDataRow(first, second)))]);

    /// <inheritdoc/>
    public override bool SupportsDiscoveryEnumeration() => true;
}
