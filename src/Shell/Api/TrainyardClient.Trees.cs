using Trainyard.Shell.Client.Native;

namespace Trainyard.Shell;

/// <content>Trees.</content>
public sealed partial class TrainyardClient
{
    /// <summary>Downloads a directory with all that lies in it: files, directories, links; devices and the like are failures of their own.</summary>
    /// <param name="directory">The directory at the server.</param>
    /// <param name="localDirectory">Gets its content; made if it is not there. Nothing outside it is written, whatever the server says.</param>
    /// <param name="options">How; <c>null</c> for the defaults.</param>
    /// <param name="progress">As for a file; bytes and files of the whole tree.</param>
    /// <param name="cancellationToken">Gives up; the same call with <see cref="TreeOptions.Update"/> goes on.</param>
    /// <returns>What became of it; what failed for one entry stands in <see cref="TreeResult.Failures"/> and does not end the others.</returns>
    /// <exception cref="TransferException">Nothing could be listed, or the local directory cannot be had, or the server is lost.</exception>
    public Task<TreeResult> DownloadTreeAsync(
        TrainPath directory, string localDirectory, TreeOptions? options = null, IProgress<TransferProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(localDirectory);
        options ??= new();
        return RunAsync(progress, (_, call) =>
        {
            using var target = LocalTarget.Open(localDirectory, options.KeepAttributes);
            return new TreeDownload(_pool, call, Address, directory, target, options).Run();
        }, cancellationToken);
    }

    /// <summary>Uploads a directory with all that lies in it: files, directories, links; devices and the like are failures of their own.</summary>
    /// <param name="localDirectory">The local directory; itself it may be a link to one.</param>
    /// <param name="directory">Gets its content; made if it is not there.</param>
    /// <param name="options">How; <c>null</c> for the defaults.</param>
    /// <param name="progress">As for a download.</param>
    /// <param name="cancellationToken">Gives up; the same call with <see cref="TreeOptions.Update"/> goes on.</param>
    /// <returns>What became of it; what failed for one entry stands in <see cref="TreeResult.Failures"/> and does not end the others.</returns>
    /// <exception cref="TransferException">The local directory cannot be read, or the server's cannot be had, or the server is lost.</exception>
    public Task<TreeResult> UploadTreeAsync(
        string localDirectory, TrainPath directory, TreeOptions? options = null, IProgress<TransferProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(localDirectory);
        options ??= new();
        return RunAsync(progress, (_, call) =>
        {
            using var tree = LocalTree.Open(localDirectory);
            var algorithm = options.Digest ?? Options.Digest;
            return new TreeUpload(
                _pool, call, tree, directory, options, (path, status) => new(Options, Address, path, status, algorithm)).Run();
        }, cancellationToken);
    }
}
