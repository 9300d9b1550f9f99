using System.Collections.Concurrent;
using System.Reflection;
using Xunit.v3;

namespace Trainyard.Integration.Support;

/// <summary>Fails a test with what was found wrong while it cleaned up, beside its own failure and never instead of it.</summary>
[AttributeUsage(AttributeTargets.Assembly)]
internal sealed class AfterTheTestAttribute : BeforeAfterTestAttribute
{
    // One for all, as tests run one at a time.
    private static readonly ConcurrentQueue<Exception> Found = new();

    /// <summary>Has the running test fail at its end.</summary>
    public static void Fail(Exception reason) => Found.Enqueue(reason);

    /// <inheritdoc/>
    public override void After(MethodInfo methodUnderTest, IXunitTest test)
    {
        var reasons = Found.ToArray();
        Found.Clear();
        if (reasons.Length > 0)
            throw new AggregateException("the test's end was not in order", reasons);
    }
}
