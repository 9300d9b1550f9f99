namespace Trainyard.Integration.Support;

/// <summary>
/// A run of the tests is short by default. With <c>TRAINYARD_LONG=1</c> in the environment, those that show more the longer they last
/// last as long as it takes to believe them.
/// </summary>
internal static class LongRun
{
    /// <summary>Whether this is a long run.</summary>
    public static bool Is { get; } = Environment.GetEnvironmentVariable("TRAINYARD_LONG") == "1";

    /// <summary>The first in a long run, the second otherwise.</summary>
    public static T Or<T>(T inALongRun, T byDefault) => Is ? inALongRun : byDefault;
}
