using System.Runtime.InteropServices;

namespace Trainyard.Shell.Linux;

/// <content>getrandom(2). The class library loads all of OpenSSL for the same bytes, which costs a client 7 ms and a worker its memory.</content>
internal static unsafe partial class Libc
{
    [LibraryImport(Library, SetLastError = true)]
    private static partial nint getrandom(void* buf, nuint buflen, uint flags);

    /// <summary>Bytes that nobody can guess.</summary>
    /// <param name="count">How many, <c>1 .. 256</c>: so many come at once or not at all.</param>
    internal static byte[] Random(int count)
    {
        var bytes = new byte[count];
        fixed (byte* buffer = bytes)
        {
            IoResult result;
            do
                result = Value(nameof(getrandom), getrandom(buffer, (nuint)count, 0));
            while (result.Error == Errno.Interrupted);
            return result.Count == count ? bytes : throw new NativeException(nameof(getrandom), result.Error);
        }
    }
}
