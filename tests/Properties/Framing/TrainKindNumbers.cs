using Trainyard.Core.Framing;
using Xunit;

namespace Trainyard.Properties.Framing;

public class TrainKindNumbers
{
    /// <summary>The wire's numbers. A change here breaks every deployed peer.</summary>
    private static readonly Dictionary<string, byte> Numbers = new()
    {
        ["Data"] = 0,
        ["Hello"] = 1,
        ["Error"] = 2,
        ["Ping"] = 3,
        ["Status"] = 4,
        ["Answer"] = 5,
        ["Get"] = 16,
        ["Meta"] = 17,
        ["Fin"] = 18,
        ["List"] = 19,
        ["Entry"] = 20,
        ["Stat"] = 21,
        ["Hash"] = 22,
        ["Put"] = 32,
        ["Go"] = 33,
        ["Committed"] = 34,
        ["MakeDirectory"] = 35,
        ["Move"] = 36,
        ["Remove"] = 37,
        ["MakeLink"] = 38,
        ["SetAttributes"] = 39,
    };

    [Fact]
    public void The_numbers_of_the_wire_are_fixed() =>
        Assert.Equal(Numbers, Enum.GetValues<TrainKind>().ToDictionary(static kind => kind.ToString(), static kind => (byte)kind));
}
