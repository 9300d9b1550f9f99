using BenchmarkDotNet.Attributes;
using LanguageExt;
using Trainyard.Core.Protocol;

namespace Trainyard.Micro;

/// <summary>What a session decides for each request, on either side.</summary>
public class SessionSteps
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch;

    private readonly byte[] _request = Samples.Train(Samples.Get("docs/guide.txt"));
    private readonly Message _get = Samples.Get("docs/guide.txt");
    private byte[] _response = [];
    private Opaque _digest;
    private ServerSessionState _server;
    private ClientSessionState _client = new(SessionLimits.Default);

    /// <summary>Says hello on both sides.</summary>
    [GlobalSetup]
    public void Greet()
    {
        var hello = new Message.ClientHello(
            MessageCodec.Version, MessageCodec.Version, SessionLimits.Default, new Arr<HashAlgorithm>([HashAlgorithm.Xxh128]), default);
        var policy = new ServerPolicy(SessionLimits.Default, new Arr<HashAlgorithm>([HashAlgorithm.Xxh128]), SessionTimeouts.Default, default);
        _server = ServerSession.Read(new ServerSessionState(policy, Now), Samples.Train(hello), Now).State;
        _client = ClientSession.Read(_client, Samples.Train(_server.Greeting!)).State;
        _digest = new(new byte[16]);
        _response = [.. Samples.Train(Samples.Meta(4096)), 0, 16, 0, 0, .. new byte[4096], .. Samples.Train(new Message.Fin(4096, _digest))];
    }

    /// <summary>The server reads a GET and has answered it.</summary>
    [Benchmark]
    public ServerSessionState Server_GET()
    {
        var step = ServerSession.Read(_server, _request, Now);
        return _server = ServerSession.Answered(step.State, Now);
    }

    /// <summary>The client asks for 4 KiB and reads the answer: META, data, FIN, and the comparison of the digest.</summary>
    [Benchmark]
    public ClientSessionState Client_GET()
    {
        _client = ClientSession.Asked(_client, _get);
        for (var at = 0; at < _response.Length;)
        {
            var step = ClientSession.Read(_client, _response.AsSpan(at));
            _client = step.State;
            at += step.Consumed;
        }
        return _client = ClientSession.Verify(_client, _digest).State;
    }
}
