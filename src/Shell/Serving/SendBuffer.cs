using System.Runtime.InteropServices;

namespace Trainyard.Shell.Serving;

/// <summary>
/// A worker's buffer for copying senders: one for all its connections, since only one of them is being advanced at any time. What a full
/// socket left over stays valid for its owner until another one fills the buffer; then it is simply read again.
/// </summary>
internal sealed unsafe class SendBuffer
{
    /// <summary>Bytes in the buffer: enough to make system calls rare, and little enough to stay in a core's second-level cache.</summary>
    public const int Capacity = 256 * 1024;

    private readonly byte* _bytes = (byte*)NativeMemory.AlignedAlloc(Capacity, 4096);
    private object? _owner;
    private long _position;
    private int _length;

    /// <summary>The start of the buffer; never moves.</summary>
    public byte* Pointer => _bytes;

    /// <summary>The bytes that lie at <paramref name="position"/> of the owner's response; empty where the buffer does not hold them.</summary>
    public ReadOnlySpan<byte> At(object owner, long position) =>
        ReferenceEquals(owner, _owner) && position >= _position && position < _position + _length
            ? new ReadOnlySpan<byte>(_bytes + (position - _position), (int)(_position + _length - position))
            : default;

    /// <summary>Says what the buffer holds from now on.</summary>
    public void Hold(object owner, long position, int length) => (_owner, _position, _length) = (owner, position, length);
}
