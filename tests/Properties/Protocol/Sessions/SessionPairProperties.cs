using FsCheck.Xunit;
using Trainyard.Properties.Arbitraries;
using Xunit;

namespace Trainyard.Properties.Protocol.Sessions;

[Properties(Arbitrary = [typeof(SessionScripts)])]
public class SessionPairProperties
{
    [Property(MaxTest = 250)]
    public void Every_request_gets_its_answer_in_order_and_every_file_arrives(SessionScript script)
    {
        var (pair, expected) = (SessionPair.Run(script), new ExpectedOutcomes(script));
        Assert.Equal(expected.Outcomes, pair.Client.Outcomes);
        Assert.Equal(expected.Outcomes, pair.Server.Outcomes);
        Assert.Equal(expected.Tree.Snapshot(), pair.Server.Tree.Snapshot());
        Assert.Equal((true, null), (pair.Client.State.IsEnded, pair.Client.State.Error));
        Assert.Equal((true, null), (pair.Server.State.IsEnded, pair.Server.State.Error));
        Assert.Equal(0, pair.Stalls);
    }
}
