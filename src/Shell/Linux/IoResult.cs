namespace Trainyard.Shell.Linux;

/// <summary>What a call that moves bytes returned: a count, or an error number that the caller has to expect.</summary>
/// <param name="Count">
/// Bytes moved, <c>0 ..</c>; what zero means (end of stream, end of file) depends on the call. Zero on an error, unless the call
/// says otherwise.
/// </param>
/// <param name="Error"><see cref="Errno.None"/> when the call succeeded.</param>
public readonly record struct IoResult(long Count, Errno Error)
{
    /// <summary>The call succeeded; <see cref="Count"/> holds.</summary>
    public bool IsOk => Error == Errno.None;

    /// <summary>Nothing moved because the descriptor is not ready: wait for readiness, then try again.</summary>
    public bool WouldBlock => Error == Errno.WouldBlock;
}
