using FsCheck;
using FsCheck.Fluent;
using Trainyard.Core.Protocol;
using Trainyard.Properties.Protocol.Sessions;

namespace Trainyard.Properties.Arbitraries;

/// <summary>Sessions in which the same few files are asked for, replaced and refused again and again. Shrinks to fewer requests and simpler turns.</summary>
public static class SessionScripts
{
    private static readonly RemotePath[] Paths =
    [
        .. new[] { "a", "b", "d", "d/a", "d/b", "\u001b[2J\n" }.Select(static path => Messages.PathOf(System.Text.Encoding.Latin1.GetBytes(path))),
        Messages.PathOf(System.Text.Encoding.Latin1.GetBytes(string.Join('/', Enumerable.Repeat(new string('\u00ff', 255), 15)))),
    ];

    private static readonly Gen<RemotePath> Path = Gen.Frequency((12, Gen.Elements(Paths[..4])), (1, Gen.Elements(Paths)));

    private static readonly Gen<bool> Flag = Gen.Elements(true, false);

    private static readonly Gen<byte[]> Content = Gen.Frequency(
        (8, Gen.Elements(0, 1, 64, 100, 256)), (1, Gen.Constant(12_000))).Select(static length => TrainsArbitrary.Bytes(length, length));

    private static readonly Gen<Opaque> Condition = Gen.Frequency(
        (6, Gen.Constant(default(Opaque))), (2, Content.Select(static content => Wire.Identity(content))));

    private static readonly Gen<HashAlgorithm?> Algorithm = Gen.Elements<HashAlgorithm?>(null, HashAlgorithm.Md5, HashAlgorithm.Sha256);

    private static readonly Gen<FileRange> Range =
        from offset in Gen.Elements(0, 0, 0, 1, 64, 101) from length in Gen.Elements<long?>(null, null, 0, 7, 1000) select new FileRange(offset, length);

    private static readonly Gen<SessionLimits> Limits =
        from train in Gen.Elements(1, 16, 100, 1 << 20)
        from pipelined in Gen.Elements(1, 2, 50)
        from control in Gen.Elements(SessionLimits.LeastControl, SessionLimits.LeastControl + 1)
        select new SessionLimits(train, control, pipelined);

    private static readonly Gen<SessionTask> Upload =
        from path in Path
        from content in Content
        from isSized in Flag
        from mode in Gen.Elements<int?>(null, 0, 0x1a4)
        from identity in Condition
        from noClobber in Gen.Frequency((5, Gen.Constant(false)), (1, Gen.Constant(true)))
        from algorithm in Algorithm
        from way in Gen.Elements("eager", "plain", "resumed")
        from stored in Gen.Choose(0, content.Length)
        from refuseAt in Gen.Frequency((4, Gen.Constant<int?>(null)), (2, Gen.Elements<int?>(-1, 0, 1, 50, 100)))
        from giveUpAt in Gen.Frequency((4, Gen.Constant<int?>(null)), (1, Gen.Elements<int?>(0, 1, 50, 100)))
        from polite in Flag
        from wrong in Gen.Frequency((9, Gen.Constant(false)), (1, Gen.Constant(true)))
        let token = way == "resumed" ? new Opaque([7]) : default
        select new SessionTask(
            new Message.Put(path, isSized ? content.Length : null, content.Length, mode, token, identity, noClobber, algorithm, way == "eager"),
            content, stored, refuseAt, giveUpAt, polite, wrong);

    private static readonly Gen<Message> Simple = Gen.OneOf<Message>(
        from path in Path
        from range in Range
        from identity in Condition
        from algorithm in Algorithm
        from block in Gen.Elements(0, 1000, 64)
        select (Message)new Message.Hash(path, range, algorithm, block, identity),
        from path in Gen.OneOf(Gen.Constant<RemotePath?>(null), Path.Select(static p => (RemotePath?)p))
        from recursive in Flag
        from after in Gen.OneOf(Gen.Constant<RemotePath?>(null), Path.Select(static p => (RemotePath?)p))
        select (Message)new Message.List(path, recursive, after),
        Path.Select(static path => (Message)new Message.Stat(path)),
        from path in Path from parents in Flag select (Message)new Message.MakeDirectory(path, 0x1ed, parents),
        from path in Path from to in Path from noClobber in Flag from identity in Condition select (Message)new Message.Move(path, to, noClobber, identity),
        from path in Path from identity in Condition select (Message)new Message.Remove(path, identity),
        from path in Path from noClobber in Flag select (Message)new Message.MakeLink(path, new("../x"u8), 5, noClobber),
        from path in Path from mode in Gen.Elements<int?>(null, 0xfff) select (Message)new Message.SetAttributes(path, -1, mode),
        Gen.Choose(0, 64).Select(static length => (Message)new Message.Ping(new(new byte[length]))),
        Gen.Constant((Message)new Message.Status()));

    private static readonly Gen<SessionTask> Download =
        from path in Path
        from range in Range
        from identity in Condition
        from algorithm in Algorithm
        from refuseAt in Gen.Frequency((6, Gen.Constant<int?>(null)), (1, Gen.Choose(-1, 3).Select(static n => (int?)n)))
        select new SessionTask(new Message.Get(path, range, identity, algorithm), [], RefuseAt: refuseAt);

    private static readonly Gen<SessionTask> Task = Gen.Frequency(
        (4, Upload),
        (3, Download),
        (4, from request in Simple
            from refuseAt in Gen.Frequency((8, Gen.Constant<int?>(null)), (1, Gen.Constant<int?>(0)))
            select new SessionTask(request, [], RefuseAt: refuseAt)));

    private static readonly Gen<int> TurnSize = Gen.Frequency((3, Gen.Choose(1, 9)), (2, Gen.Choose(10, 400)), (1, Gen.Constant(100_000)));

    private static readonly Gen<int> Turn = from size in TurnSize from sign in Gen.Elements(1, -1) select sign * size;

    public static Arbitrary<SessionScript> SessionScript() => Arb.From(Scripts, Shrink);

    private static Gen<SessionScript> Scripts =>
        from count in Gen.Choose(0, 9)
        from tasks in Gen.ArrayOf(Task, count)
        from client in Limits
        from server in Limits
        from hash in Gen.Elements(Enum.GetValues<HashAlgorithm>())
        from ahead in Gen.Elements(1, 3, 100)
        from train in Gen.Elements(7, 64, 1000, 1 << 20)
        from toServer in Gen.Elements(1, 5, 100, 100_000)
        from toClient in Gen.Elements(1, 5, 100, 100_000)
        from turnCount in Gen.Choose(0, 5)
        from turns in Gen.ArrayOf(Turn, turnCount)
        from past in Flag
        select new SessionScript(tasks, client, server, [hash], ahead, train, (toServer, toClient), turns, past);

    private static IEnumerable<SessionScript> Shrink(SessionScript script)
    {
        for (var i = 0; i < script.Tasks.Length; i++)
            yield return script with { Tasks = [.. script.Tasks.Where((_, j) => j != i)] };
        if (script.Turns.Length > 0)
            yield return script with { Turns = script.Turns[1..] };
        if (script.Ahead > 1)
            yield return script with { Ahead = 1 };
        if (script.MovesPast)
            yield return script with { MovesPast = false };
        if (script.Capacities != (100_000, 100_000))
            yield return script with { Capacities = (100_000, 100_000) };
    }
}
