using FsCheck;

namespace Trainyard.Properties.Custody;

/// <summary>How often a property is tried: a few thousand times, or with TRAINYARD_LONG=1 so often that it meets millions of deaths.</summary>
internal static class LongForm
{
    internal static Config Of(int cases) =>
        Config.QuickThrowOnFailure.WithMaxTest(Environment.GetEnvironmentVariable("TRAINYARD_LONG") == "1" ? cases * 350 : cases);
}
