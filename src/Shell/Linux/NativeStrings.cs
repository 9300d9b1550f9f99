using System.Runtime.InteropServices;
using System.Text;

namespace Trainyard.Shell.Linux;

/// <summary>A null-terminated array of zero-terminated UTF-8 strings in native memory, as execve(2) takes them.</summary>
internal sealed unsafe class NativeStrings : IDisposable
{
    private readonly byte** _start;

    /// <exception cref="ArgumentException">A string contains a zero character.</exception>
    internal NativeStrings(IReadOnlyCollection<string> strings)
    {
        var tableBytes = (strings.Count + 1) * sizeof(byte*);
        var textBytes = 0;
        foreach (var text in strings)
        {
            if (text.Contains('\0', StringComparison.Ordinal))
                throw new ArgumentException("An argument or environment entry contains a zero character.", nameof(strings));
            textBytes += Encoding.UTF8.GetByteCount(text) + 1;
        }

        _start = (byte**)NativeMemory.AllocZeroed((nuint)(tableBytes + textBytes));
        var next = (byte*)_start + tableBytes;
        var end = next + textBytes;
        var entry = _start;
        foreach (var text in strings)
        {
            *entry++ = next;
            next += Encoding.UTF8.GetBytes(text, new Span<byte>(next, (int)(end - next))) + 1;
        }
    }

    /// <summary>The array.</summary>
    internal byte** Start => _start;

    /// <inheritdoc/>
    public void Dispose() => NativeMemory.Free(_start);
}
