using BenchmarkDotNet.Attributes;
using Trainyard.Core.Lane;
using Trainyard.Shell;
using Trainyard.Shell.Linux;

namespace Trainyard.Micro;

/// <summary>A connection's way from the master to a worker, without the change of process.</summary>
public class DescriptorPassing
{
    private readonly byte[] _message = new byte[64];
    private readonly byte[] _received = new byte[64];
    private readonly List<Descriptor> _descriptors = [];
    private DescriptorLane _master = null!;
    private DescriptorLane _worker = null!;
    private int _length;

    /// <summary>Makes the lane.</summary>
    [GlobalSetup]
    public void Open()
    {
        (_master, var theirs) = DescriptorLane.CreatePair();
        _worker = DescriptorLane.Inherited((int)theirs.DangerousGetHandle());
        theirs.SetHandleAsInvalid();
        _length = LaneCodec.Encode(new LaneMessage.Assign(new(1), -1), _message);
    }

    /// <summary>One message with one descriptor, sent, received and closed.</summary>
    [Benchmark]
    public long Pass()
    {
        _master.Send(_message.AsSpan(0, _length), _master.Socket);
        var received = _worker.Receive(_received, _descriptors);
        foreach (var descriptor in _descriptors)
            descriptor.Dispose();
        _descriptors.Clear();
        return received.Count;
    }

    /// <summary>Closes it.</summary>
    [GlobalCleanup]
    public void Close()
    {
        _master.Dispose();
        _worker.Dispose();
    }
}
