using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

[assembly: DisableRuntimeMarshalling]

namespace Trainyard.Shell.Linux;

/// <summary>The only native code of the project: system calls through the C library, one file a family.</summary>
/// <remarks>
/// The raw imports are private and keep their C names; callers see the wrappers. A wrapper restarts what a signal interrupted, returns
/// the error numbers its caller has to expect as a value, and throws <see cref="NativeException"/> on all others. Every descriptor it
/// makes is close-on-exec. Constants, sizes and offsets are checked against the C headers by LayoutTests.
/// </remarks>
[SkipLocalsInit]
internal static unsafe partial class Libc
{
    // The runtime resolves this name to the C library's own file name on glibc as well as on musl.
    private const string Library = "libc";

    private static Errno LastError => (Errno)Marshal.GetLastPInvokeError();

    /// <summary>Reads a return value whose failures the caller has to expect, except those that only a bug of ours can cause.</summary>
    /// <param name="call">The C name of the call.</param>
    /// <param name="returned">What it returned; negative means that errno holds the reason.</param>
    /// <param name="alsoExpected">A number that elsewhere is a bug, but not for this call.</param>
    private static IoResult Value(string call, nint returned, Errno alsoExpected = Errno.None)
    {
        if (returned >= 0)
            return new(returned, Errno.None);
        var error = LastError;
        var isBug = error is Errno.BadDescriptor or Errno.BadAddress or Errno.InvalidArgument or Errno.NotSocket && error != alsoExpected;
        return isBug ? throw new NativeException(call, error) : new(0, error);
    }

    /// <summary>Reads a return value that fails only through a bug or a machine in trouble.</summary>
    private static nint Required(string call, nint returned) =>
        returned >= 0 ? returned : throw new NativeException(call, LastError);

    /// <summary>Takes ownership of the descriptor that a call made, or reports why there is none.</summary>
    private static DescriptorResult<T> Owned<T>(string call, nint returned, Errno alsoExpected = Errno.None) where T : Descriptor, new()
    {
        var result = Value(call, returned, alsoExpected);
        return result.IsOk ? new(Own<T>((int)result.Count)) : new(result.Error);
    }

    private static T Own<T>(int number) where T : SafeHandleMinusOneIsInvalid, new()
    {
        var owner = new T();
        Marshal.InitHandle(owner, number);
        return owner;
    }
}
