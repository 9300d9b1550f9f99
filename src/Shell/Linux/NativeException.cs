namespace Trainyard.Shell.Linux;

/// <summary>A system call failed with an error number that its wrapper does not expect: a bug of ours, or a machine in trouble.</summary>
public sealed class NativeException(string call, Errno error) : Exception($"{call}: {ErrnoText.Describe(error)}")
{
    /// <summary>The C name of the call.</summary>
    public string Call { get; } = call;

    /// <summary>What it reported.</summary>
    public Errno Error { get; } = error;
}
