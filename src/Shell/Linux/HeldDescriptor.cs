using System.Runtime.InteropServices;

namespace Trainyard.Shell.Linux;

/// <summary>Keeps a handle open while its number is inside a structure that a system call reads.</summary>
internal readonly ref struct HeldDescriptor
{
    private readonly SafeHandle _handle;

    /// <exception cref="ObjectDisposedException">The handle is closed already.</exception>
    internal HeldDescriptor(SafeHandle handle)
    {
        var held = false;
        handle.DangerousAddRef(ref held);
        _handle = handle;
    }

    /// <summary>The descriptor's number.</summary>
    internal int Number => (int)_handle.DangerousGetHandle();

    /// <summary>Lets the handle close.</summary>
    public void Dispose() => _handle.DangerousRelease();
}
