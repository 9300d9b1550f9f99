using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Trainyard.Core.Protocol;
using Trainyard.Shell.Client.Native;

namespace Trainyard.Shell;

/// <content>Requests that are answered at once.</content>
public sealed partial class TrainyardClient
{
    /// <summary>Names what lies in a directory, in the order of the bytes, a directory before what lies in it.</summary>
    /// <param name="directory">The directory.</param>
    /// <param name="recursive">Whether to descend. Links are not followed.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="TransferException">There is no such directory, it may not be read, or the server is lost.</exception>
    public async IAsyncEnumerable<RemoteEntry> ListAsync(
        TrainPath directory, bool recursive = false, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var abandoned = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var batches = Channel.CreateBounded<IReadOnlyList<RemoteEntry>>(BatchesAhead);
        var listing = RunAsync(null, (attempts, _) =>
        {
            try
            {
                Listing.Run(attempts, directory, recursive, batch => batches.Writer.WriteAsync(batch, abandoned.Token).AsTask().GetAwaiter().GetResult());
                return true;
            }
            finally
            {
                batches.Writer.Complete();
            }
        }, abandoned.Token);
        try
        {
            await foreach (var batch in batches.Reader.ReadAllAsync(cancellationToken))
                foreach (var entry in batch)
                    yield return entry;
        }
        finally
        {
            // Whoever stops in the middle waits for nothing but the end of the connection's use.
            await abandoned.CancelAsync();
            await listing.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }
        await listing;
    }

    /// <summary>Describes one entry; a link is described itself.</summary>
    /// <exception cref="TransferException">There is none, or it may not be seen.</exception>
    public Task<RemoteEntry> StatAsync(TrainPath path, CancellationToken cancellationToken = default) =>
        RunAsync(null, (attempts, _) => attempts.Run(session =>
            session.Ask<Message.StatAnswer>(new Message.Stat(path.Remote), session.Name(path)).Entry.ForCallers()), cancellationToken);

    /// <summary>Has the server compute a file's digest.</summary>
    /// <param name="path">The file.</param>
    /// <param name="algorithm">How; <c>null</c> as the client's options say.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="TransferException">There is no such file, or it may not be read.</exception>
    public Task<RemoteHash> HashAsync(TrainPath path, DigestAlgorithm? algorithm = null, CancellationToken cancellationToken = default) =>
        RunAsync(null, (attempts, call) => attempts.Run(session =>
        {
            var wanted = algorithm ?? call.Options.Digest;
            var request = new Message.Hash(path.ToFile(session), default, wanted.OnTheWire(), 0, default);
            var answer = session.Ask<Message.HashAnswer>(request, session.Name(path));
            return new RemoteHash(answer.Size, new(answer.Identity), answer.Algorithm.ForCallers(), Convert.ToHexStringLower(answer.Digest.Span));
        }), cancellationToken);

    /// <summary>Makes a directory.</summary>
    /// <param name="path">Where.</param>
    /// <param name="parents">Whether to make missing parents too, and to accept a directory that is there.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="TransferException">It cannot be made.</exception>
    public Task MakeDirectoryAsync(TrainPath path, bool parents = false, CancellationToken cancellationToken = default) =>
        ChangeAsync(session => new Message.MakeDirectory(path.ToFile(session), null, parents), path, cancellationToken);

    /// <summary>Renames a file, link or directory at the server.</summary>
    /// <param name="from">Its path.</param>
    /// <param name="to">Its new path; what is there is replaced where rename(2) can.</param>
    /// <param name="noClobber">Only if nothing is there.</param>
    /// <param name="ifIdentity">Only if the file at <paramref name="from"/> has this identity; none for any.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="TransferException">It is not renamed.</exception>
    public Task MoveAsync(
        TrainPath from, TrainPath to, bool noClobber = false, FileIdentity ifIdentity = default, CancellationToken cancellationToken = default) =>
        ChangeAsync(session => new Message.Move(from.ToFile(session), to.ToFile(session), noClobber, ifIdentity.Value), from, cancellationToken);

    /// <summary>Removes a file, link or empty directory.</summary>
    /// <param name="path">Which.</param>
    /// <param name="ifIdentity">Only if the file has this identity; none for any.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="TransferException">It is not removed.</exception>
    public Task RemoveAsync(TrainPath path, FileIdentity ifIdentity = default, CancellationToken cancellationToken = default) =>
        ChangeAsync(session => new Message.Remove(path.ToFile(session), ifIdentity.Value), path, cancellationToken);

    /// <summary>Asks whether the server is there.</summary>
    /// <returns>The time from the request to its answer, connecting not included.</returns>
    /// <exception cref="TransferException">It is not.</exception>
    public Task<TimeSpan> PingAsync(CancellationToken cancellationToken = default) =>
        RunAsync(null, static (attempts, _) => attempts.Run(static session =>
        {
            var began = Stopwatch.GetTimestamp();
            session.Ask<Message.PingAnswer>(new Message.Ping(new(BitConverter.GetBytes(began))), session.Server.Server);
            return Stopwatch.GetElapsedTime(began);
        }), cancellationToken);

    /// <summary>Asks how the server is.</summary>
    /// <exception cref="TransferException">It does not say.</exception>
    public Task<RemoteStatus> StatusAsync(CancellationToken cancellationToken = default) =>
        RunAsync(null, static (attempts, _) => attempts.Run(static session =>
        {
            var state = session.Ask<Message.StatusAnswer>(new Message.Status(), session.Server.Server).State;
            // The seconds come from outside and may be beyond all times.
            var uptime = TimeSpan.FromSeconds(Math.Min(state.Uptime, (long)TimeSpan.MaxValue.TotalSeconds - 1));
            return new RemoteStatus(state.Workers, state.Connections, state.Waiting, uptime, state.IsDraining);
        }), cancellationToken);

    private const int BatchesAhead = 4;

    private Task<Message.DoneAnswer> ChangeAsync(Func<NativeSession, Message> request, TrainPath path, CancellationToken cancellation) =>
        RunAsync(null, (attempts, _) => attempts.Run(session => session.Change(request(session), session.Name(path))), cancellation);
}
