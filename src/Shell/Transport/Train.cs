using System.Buffers;
using Trainyard.Core.Framing;

namespace Trainyard.Shell;

/// <summary>A train that came.</summary>
/// <param name="Kind">What it carries.</param>
/// <param name="Body">Its body, where it lies in the pipe: good until the next train is read.</param>
public readonly record struct Train(TrainKind Kind, ReadOnlySequence<byte> Body);
