using Trainyard.Shell.Linux;

namespace Trainyard.Shell.Client;

/// <summary>Turns the error number of a local file operation into the exception that says so.</summary>
internal static class LocalFailure
{
    /// <summary>The exception for a failure at doing <paramref name="what"/>, a clause such as "cannot write x".</summary>
    public static TransferException Of(string what, Errno error) =>
        new(
            error is Errno.NoSpace or Errno.QuotaExceeded ? TransferFailure.NoSpace : TransferFailure.LocalIO,
            $"{what}: {ErrnoText.Describe(error)}");

    /// <summary>Throws unless <paramref name="error"/> is none.</summary>
    /// <exception cref="TransferException">It is one.</exception>
    public static void ThrowIfError(this Errno error, string what)
    {
        if (error != Errno.None)
            throw Of(what, error);
    }
}
