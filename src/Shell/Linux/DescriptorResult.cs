using System.Diagnostics.CodeAnalysis;

namespace Trainyard.Shell.Linux;

/// <summary>A new descriptor that the caller owns, or the expected error number why there is none.</summary>
/// <typeparam name="T">The kind of descriptor.</typeparam>
internal readonly record struct DescriptorResult<T> where T : Descriptor
{
    private readonly Errno _error;

    internal DescriptorResult(T descriptor) => Descriptor = descriptor;

    internal DescriptorResult(Errno error) => _error = error;

    /// <summary>The descriptor; null after a failure.</summary>
    internal T? Descriptor { get; }

    /// <summary><see cref="Errno.None"/> when there is a descriptor. The default of this struct reads as a bad descriptor.</summary>
    internal Errno Error => Descriptor is null && _error == Errno.None ? Errno.BadDescriptor : _error;

    /// <summary>There is a descriptor.</summary>
    [MemberNotNullWhen(true, nameof(Descriptor))]
    internal bool IsOk => Descriptor is not null;

    /// <summary>The descriptor, where the caller has no use for a failure.</summary>
    /// <param name="call">The C name of the call, for the message.</param>
    /// <exception cref="NativeException">There is none.</exception>
    internal T OrThrow(string call) => Descriptor ?? throw new NativeException(call, Error);
}
