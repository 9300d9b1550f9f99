using Trainyard.Core.Protocol;
using Trainyard.Shell.Client.Native;

namespace Trainyard.Shell;

/// <content>Single files.</content>
public sealed partial class TrainyardClient
{
    /// <summary>Downloads a file.</summary>
    /// <param name="path">The file at the server.</param>
    /// <param name="file">The local path it gets, in one step, once it is whole and verified; what was there before is replaced.</param>
    /// <param name="options">How; <c>null</c> for the defaults.</param>
    /// <param name="progress">Told some ten times a second, from the thread that transfers; <c>null</c> tells nobody.</param>
    /// <param name="cancellationToken">Gives up; the same call later resumes.</param>
    /// <exception cref="TransferException">It did not arrive whole. Where <see cref="TransferException.CanResume"/>, the same call resumes.</exception>
    public Task<TransferResult> DownloadAsync(
        TrainPath path, string file, DownloadOptions? options = null, IProgress<TransferProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(file);
        return RunAsync(progress, (attempts, call) =>
        {
            var place = LocalPlace.Of(file);
            using (place.Directory)
            using (var download = new FileDownload(_pool, call, attempts, Address, path, place, options ?? new()))
                return download.Run();
        }, cancellationToken);
    }

    /// <summary>Downloads a file into a stream.</summary>
    /// <param name="path">The file at the server.</param>
    /// <param name="destination">
    /// Gets the bytes in order as they come; stays open. Only when the call has ended well are they verified. A break is mended by going on
    /// behind what was written, if the file is still the same.
    /// </param>
    /// <param name="options">How; what only concerns a local file does not matter.</param>
    /// <param name="progress">As for a file.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="TransferException">It did not arrive whole.</exception>
    public Task<TransferResult> DownloadAsync(
        TrainPath path, Stream destination, DownloadOptions? options = null, IProgress<TransferProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(destination);
        return RunAsync(progress, (attempts, call) =>
        {
            using var download = new StreamDownload(_pool, call, attempts, path, destination, options ?? new());
            return download.Run();
        }, cancellationToken);
    }

    /// <summary>Uploads a file.</summary>
    /// <param name="file">The local file.</param>
    /// <param name="path">Where it goes at the server, in one step, once it is whole and verified.</param>
    /// <param name="options">How; <c>null</c> for the defaults.</param>
    /// <param name="progress">As for a download.</param>
    /// <param name="cancellationToken">Gives up; the same call later resumes.</param>
    /// <exception cref="TransferException">It did not arrive whole. Where <see cref="TransferException.CanResume"/>, the same call resumes.</exception>
    public Task<TransferResult> UploadAsync(
        string file, TrainPath path, UploadOptions? options = null, IProgress<TransferProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(file);
        options ??= new();
        return RunAsync(progress, (attempts, call) =>
        {
            using var source = FileSource.Open(file);
            var algorithm = options.Digest ?? Options.Digest;
            var put = Put(path, source.Size, options, options.Mode ?? source.Status.Permissions, options.ModifiedNs ?? source.Status.ModifiedNs);
            if (options.Update && SameFile.AtServer(call, attempts, source, path, algorithm, put.Modified!.Value) is { } same)
                return same;
            using var upload = new FileUpload(call, attempts, source, put, new(Options, Address, path, source.Status, algorithm));
            return upload.Run();
        }, cancellationToken);
    }

    /// <summary>Uploads what a stream holds, to its end.</summary>
    /// <param name="source">Read from where it stands; stays open. If it can seek, a break is mended; else it fails the call.</param>
    /// <param name="path">Where it goes at the server, in one step, once it is whole and verified.</param>
    /// <param name="options">How; <c>null</c> for the defaults.</param>
    /// <param name="progress">As for a download.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="TransferException">It did not arrive whole.</exception>
    public Task<TransferResult> UploadAsync(
        Stream source, TrainPath path, UploadOptions? options = null, IProgress<TransferProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        options ??= new();
        return RunAsync(progress, (attempts, call) =>
        {
            using var bytes = new StreamSource(source);
            using var upload = new FileUpload(call, attempts, bytes, Put(path, bytes.Size, options, options.Mode, options.ModifiedNs), null);
            return upload.Run();
        }, cancellationToken);
    }

    private Message.Put Put(TrainPath path, long? size, UploadOptions options, int? mode, long? modified) =>
        new(
            path.Remote ?? throw new TransferException(TransferFailure.WrongKind, $"{Address.Server}/: this is the server's root"),
            size,
            modified,
            mode,
            ResumeToken: default,
            options.IfIdentity.Value,
            options.NoClobber,
            (options.Digest ?? Options.Digest).OnTheWire(),
            Eager: false);
}
