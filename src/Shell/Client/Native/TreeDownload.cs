using System.Collections.Concurrent;
using Trainyard.Core.Protocol;
using Trainyard.Shell.Linux;

namespace Trainyard.Shell.Client.Native;

/// <summary>
/// A server's tree to a local directory, in this order: directories, files, links, then the attributes of directories, deepest first. Links come
/// behind all files, so that nothing is ever written through one that the same server has just named.
/// </summary>
internal sealed class TreeDownload(
    SessionPool pool, Call call, TrainAddress server, TrainPath directory, LocalTarget target, TreeOptions options)
{
    private readonly TreeTally _tally = new(call, path => target.NameOf(path));
    private readonly DigestAlgorithm _algorithm = options.Digest ?? call.Options.Digest;

    /// <summary>Runs it on the calling thread, and beside it on as many others as there are jobs.</summary>
    /// <exception cref="TransferException">The directory cannot be listed, or the server is lost.</exception>
    public TreeResult Run()
    {
        var attempts = new Attempts(pool, call);
        var root = attempts.Run(session => session.Ask<Message.StatAnswer>(new Message.Stat(directory.Remote), session.Name(directory))).Entry;
        var items = Chosen(attempts);
        var directories = items.FindAll(static item => item.Entry.Kind == RemoteEntryKind.Directory);
        var files = items.FindAll(static item => item.Entry.Kind == RemoteEntryKind.File);
        _tally.Expect(files.Count, files.Sum(static file => file.Entry.Size));
        directories = directories.FindAll(item => Locally(item, () =>
        {
            target.MakeDirectory(item.Path);
            _tally.Directory();
        }));
        files = Wanted(attempts, files);
        Fetch(files);
        foreach (var link in items.Where(static item => item.Entry.Kind == RemoteEntryKind.Link))
            Locally(link, () =>
            {
                if (target.MakeLink(link.Entry, link.Path, options.NoClobber))
                    _tally.Link();
                else
                    _tally.Skipped(0);
            });
        if (options.KeepAttributes)
        {
            directories.Reverse();
            foreach (var item in directories)
                Locally(item, () => target.SetAttributes(item.Entry, item.Path));
            if (target.IsNew)
                Locally(new(root.ForCallers(), []), () => target.SetAttributes(root.ForCallers(), []));
        }
        _tally.Reconnected(attempts.Repeated);
        _tally.End();
        return _tally.Result;
    }

    /// <summary>What is to be had, with the directories that lead there, in the order of the listing.</summary>
    private List<TreeItem> Chosen(Attempts attempts)
    {
        var items = new List<TreeItem>();
        // The directories above the entry that is looked at, which are made once something in them is chosen.
        var above = new List<TreeItem>();
        Listing.Run(attempts, directory, recursive: true, batch =>
        {
            foreach (var entry in batch)
            {
                if (ItemOf(entry) is not { } item)
                    continue;
                above.RemoveAll(parent => !LiesIn(item, parent));
                var isChosen = options.Choose?.Invoke(entry) ?? true;
                if (isChosen && entry.Kind == RemoteEntryKind.Other)
                    _tally.Failed(item.Path, new(TransferFailure.Denied, $"{entry.Path.Display}: only files, directories and links are served"));
                else if (isChosen)
                {
                    items.AddRange(above);
                    above.Clear();
                    items.Add(item);
                }
                else if (entry.Kind == RemoteEntryKind.Directory)
                    above.Add(item);
            }
        });
        return items;
    }

    private TreeItem? ItemOf(RemoteEntry entry)
    {
        var path = entry.Path.Bytes;
        var prefix = directory.Bytes.Length + (directory.IsRoot ? 0 : 1);
        var isBelow = path.Length > prefix && path.StartsWith(directory.Bytes) && (directory.IsRoot || path[prefix - 1] == '/');
        if (isBelow)
            return new(entry, path[prefix..].ToArray());
        _tally.Failed(path.ToArray(), new(TransferFailure.Protocol, $"{entry.Path.Display}: the server names what was not asked for"));
        return null;
    }

    private static bool LiesIn(TreeItem item, TreeItem parent) =>
        item.Path.Length > parent.Path.Length && item.Path.AsSpan().StartsWith(parent.Path) && item.Path[parent.Path.Length] == '/';

    /// <summary>The files that are not here just so.</summary>
    private List<TreeItem> Wanted(Attempts attempts, List<TreeItem> files)
    {
        if (!options.NoClobber && !options.Update)
            return files;
        var wanted = new List<TreeItem>();
        var alike = new List<TreeItem>();
        foreach (var file in files)
        {
            if (StatusOf(file) is not { } status)
                wanted.Add(file);
            else if (options.NoClobber)
                _tally.Skipped(file.Entry.Size);
            else if (status.Type == FileType.Regular && status.Size == file.Entry.Size && status.ModifiedNs == file.Entry.ModifiedNs)
                alike.Add(file);
            else
                wanted.Add(file);
        }
        Pipeline.Run(
            attempts,
            alike,
            file => new Message.Hash(file.Entry.Path.Remote!, default, _algorithm.OnTheWire(), 0, file.Entry.Identity.Value),
            (file, answer) =>
            {
                if (IsSame(file, ((Message.HashAnswer)answer).Digest))
                    _tally.Skipped(file.Entry.Size);
                else
                    wanted.Add(file);
            },
            (file, _) => wanted.Add(file));
        return wanted;
    }

    private void Fetch(List<TreeItem> files)
    {
        var small = new ConcurrentQueue<TreeItem>(files.Where(static file => file.Entry.Size <= SmallDownloads.MostBytes));
        var large = new ConcurrentQueue<TreeItem>(files.Where(static file => file.Entry.Size > SmallDownloads.MostBytes));
        Jobs.Run(options, files.Count, pool, call, () =>
        {
            var attempts = new Attempts(pool, call);
            using (var downloads = new SmallDownloads(server, attempts, target, options, _algorithm, _tally))
                downloads.Run(() => small.TryDequeue(out var item) ? item : null);
            _tally.Reconnected(attempts.Repeated);
            while (large.TryDequeue(out var item))
                FetchLarge(item);
        });
    }

    private void FetchLarge(TreeItem item)
    {
        var attempts = new Attempts(pool, call);
        long told = 0;
        void Moving(long bytes)
        {
            _tally.Moved(bytes - told, item.Path);
            told = bytes;
        }
        try
        {
            var place = target.PlaceOf(item.Path);
            var how = new DownloadOptions
            {
                NoClobber = options.NoClobber,
                Digest = _algorithm,
                KeepMode = options.KeepAttributes,
                KeepTime = options.KeepAttributes,
                Durable = options.Durable,
            };
            using (place.Directory)
            using (var download = new FileDownload(pool, call, attempts, server, item.Entry.Path, place, how) { Moving = Moving })
                _tally.File(download.Run().Size);
        }
        catch (TransferException failure) when (failure.Reason == TransferFailure.Exists && options.NoClobber)
        {
            Moving(0);
            _tally.Skipped(item.Entry.Size);
        }
        catch (TransferException failure) when (!failure.IsRetryable)
        {
            Moving(0);
            _tally.Failed(item.Path, failure);
        }
        finally
        {
            _tally.Reconnected(attempts.Repeated);
        }
    }

    private FileStatus? StatusOf(TreeItem item)
    {
        FileStatus? status = null;
        Locally(item, () =>
        {
            var place = target.PlaceOf(item.Path);
            using (place.Directory)
                status = place.Status;
        });
        return status;
    }

    private bool IsSame(TreeItem item, Opaque digest)
    {
        try
        {
            var place = target.PlaceOf(item.Path);
            using (place.Directory)
            using (var source = FileSource.Open(place.Directory, place.Name, place.Display))
                return digest.Span.SequenceEqual(SameFile.Digest(source, _algorithm));
        }
        catch (TransferException)
        {
            // It will be replaced, and fail there if it must.
            return false;
        }
    }

    private bool Locally(TreeItem item, Action work)
    {
        try
        {
            work();
            return true;
        }
        catch (TransferException failure)
        {
            _tally.Failed(item.Path, failure);
            return false;
        }
    }
}
