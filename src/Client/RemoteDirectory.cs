using Trainyard.Shell;

namespace Trainyard.Client;

/// <summary>Whether an address that gets something names a directory to put it into.</summary>
internal static class RemoteDirectory
{
    /// <summary>Whether the address ends in <c>/</c>, or what is there is a directory or a link to one.</summary>
    /// <exception cref="TransferException">The server cannot be reached or does not say.</exception>
    public static async Task<bool> IsMeantAsync(Servers servers, TrainAddress address, CancellationToken cancellation)
    {
        if (address.IsDirectory)
            return true;
        var client = await servers.ConnectAsync(address, cancellation).ConfigureAwait(false);
        try
        {
            var entry = await client.StatAsync(address.Path, cancellation).ConfigureAwait(false);
            return entry.Kind == RemoteEntryKind.Directory
                || (entry.Kind == RemoteEntryKind.Link && await CanBeListedAsync(client, address.Path, cancellation).ConfigureAwait(false));
        }
        catch (TransferException e) when (e.Reason == TransferFailure.NotFound)
        {
            return false;
        }
    }

    /// <summary>Whether something, such as a link, leads to a directory.</summary>
    public static async Task<bool> CanBeListedAsync(TrainyardClient client, TrainPath path, CancellationToken cancellation)
    {
        try
        {
            await foreach (var _ in client.ListAsync(path, recursive: false, cancellation).ConfigureAwait(false))
                break;
            return true;
        }
        catch (TransferException e) when (e.Reason is TransferFailure.WrongKind or TransferFailure.NotFound or TransferFailure.Denied)
        {
            return false;
        }
    }
}
