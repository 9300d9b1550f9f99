using System.IO.Hashing;
using BenchmarkDotNet.Attributes;
using Trainyard.Core.Hashing;

namespace Trainyard.Micro;

/// <summary>XXH128 of pieces of a file, ours and the library's.</summary>
public class Digests
{
    private readonly XxHash128 _library = new();
    private readonly ResumableXxh128 _resumable = new();
    private byte[] _piece = [];

    /// <summary>Bytes of a piece.</summary>
    [Params(4 * 1024, 64 * 1024)]
    public int Size { get; set; }

    /// <summary>Fills the piece.</summary>
    [GlobalSetup]
    public void Fill() => new Random(1).NextBytes(_piece = new byte[Size]);

    /// <summary>The library's.</summary>
    [Benchmark(Baseline = true)]
    public void Library() => _library.Append(_piece);

    /// <summary>The one whose state can be saved.</summary>
    [Benchmark]
    public void Resumable() => _resumable.Append(_piece);
}
