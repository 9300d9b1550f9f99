using Microsoft.Win32.SafeHandles;

namespace Trainyard.Shell.Linux;

/// <summary>Owns one file descriptor of any kind and closes it exactly once.</summary>
public class Descriptor : SafeHandleMinusOneIsInvalid
{
    /// <summary>Makes an owner without a descriptor.</summary>
    public Descriptor() : base(ownsHandle: true) { }

    /// <summary>Takes over a descriptor that nobody else closes.</summary>
    internal Descriptor(int number) : base(ownsHandle: true) => SetHandle(number);

    /// <summary>Refers to a number that is not ours to close.</summary>
    private protected Descriptor(int number, bool ownsHandle) : base(ownsHandle) => SetHandle(number);

    // Linux frees the number even when close reports EINTR or EIO, so a second close could hit somebody else's descriptor.
    /// <inheritdoc/>
    protected override bool ReleaseHandle() => Libc.Close((int)handle);

    /// <summary>The number, for logs.</summary>
    public override string ToString() => $"{GetType().Name} {(IsClosed ? "closed" : (int)handle)}";
}
