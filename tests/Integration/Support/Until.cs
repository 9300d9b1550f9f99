using System.Diagnostics;
using Xunit;

namespace Trainyard.Integration.Support;

/// <summary>Waits for a condition.</summary>
internal static class Until
{
    /// <summary>How long anything may take on a machine that is busy with other things, too.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Asks again and again; fails after <see cref="Patience"/>.</summary>
    public static Task HoldsAsync(Func<Task<bool>> condition, string what) => HoldsAsync(condition, () => what);

    /// <summary>The same for a condition that answers at once.</summary>
    public static Task HoldsAsync(Func<bool> condition, string what) => HoldsAsync(condition, () => what);

    /// <summary>The same, with words that are found when it has failed.</summary>
    public static Task HoldsAsync(Func<bool> condition, Func<string> what) => HoldsAsync(() => Task.FromResult(condition()), what);

    private static async Task HoldsAsync(Func<Task<bool>> condition, Func<string> what)
    {
        var since = Stopwatch.StartNew();
        while (!await condition())
        {
            if (since.Elapsed > Patience)
                Assert.Fail($"not within {Patience.TotalSeconds} s: {what()}");
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }
}
