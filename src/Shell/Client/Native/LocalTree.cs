using System.Text;
using Trainyard.Core.Textbook;
using Trainyard.Shell.Linux;
using Trainyard.Shell.Storage;

namespace Trainyard.Shell.Client.Native;

/// <summary>A local directory and what lies in it, by names in bytes, and never outside it: no link in it is followed.</summary>
internal sealed class LocalTree : IDisposable
{
    private const int NamesBytes = 64 * 1024;

    private readonly string _name;

    private LocalTree(string name, FileDescriptor root)
    {
        _name = name;
        Root = root;
    }

    /// <summary>The directory.</summary>
    public FileDescriptor Root { get; }

    /// <summary>Opens a directory; the path to it may lead through links.</summary>
    /// <exception cref="TransferException">It cannot be opened.</exception>
    public static LocalTree Open(string directory)
    {
        var opened = Libc.Open(FileDescriptor.WorkingDirectory, Encoding.UTF8.GetBytes(directory), OpenFlags.ReadOnly | OpenFlags.Directory);
        return opened.IsOk ? new(directory, opened.Descriptor) : throw LocalFailure.Of($"cannot open the directory {directory}", opened.Error);
    }

    /// <summary>The path of an entry, for messages.</summary>
    public string NameOf(ReadOnlySpan<byte> path) => path.IsEmpty ? _name : $"{_name}/{SafeText.Of(path)}";

    /// <summary>Names everything in the tree, a directory before what lies in it; devices and the like too.</summary>
    /// <param name="failed">Told of what cannot be looked into.</param>
    /// <param name="cancellation">Gives up.</param>
    public List<LocalEntry> Scan(Action<byte[], TransferException> failed, CancellationToken cancellation)
    {
        var entries = new List<LocalEntry>();
        var directories = new Stack<byte[]>();
        directories.Push([]);
        var buffer = new byte[NamesBytes];
        while (directories.TryPop(out var path))
        {
            cancellation.ThrowIfCancellationRequested();
            var opened = OpenDirectory(path);
            if (!opened.IsOk)
            {
                failed(path, LocalFailure.Of($"cannot open the directory {NameOf(path)}", opened.Error));
                continue;
            }
            using (opened.Descriptor)
            {
                foreach (var name in Names(opened.Descriptor, path, buffer, failed))
                    if (Look(opened.Descriptor, path, name, failed) is { } entry)
                    {
                        entries.Add(entry);
                        if (entry.Status.Type == FileType.Directory)
                            directories.Push(entry.Path);
                    }
            }
        }
        return entries;
    }

    /// <summary>Opens a directory of the tree.</summary>
    public DescriptorResult<FileDescriptor> OpenDirectory(ReadOnlySpan<byte> path) =>
        OpenBeneath.Open(Root, path.IsEmpty ? "."u8 : path, OpenFlags.ReadOnly | OpenFlags.Directory | OpenFlags.NoFollow);

    /// <inheritdoc/>
    public void Dispose() => Root.Dispose();

    private List<byte[]> Names(FileDescriptor directory, byte[] path, byte[] buffer, Action<byte[], TransferException> failed)
    {
        var names = new List<byte[]>();
        while (true)
        {
            var read = Libc.ReadDirectory(directory, buffer);
            if (!read.IsOk)
                failed(path, LocalFailure.Of($"cannot read the directory {NameOf(path)}", read.Error));
            if (!read.IsOk || read.Count == 0)
                break;
            var entries = new DirectoryEntries(buffer.AsSpan(0, (int)read.Count));
            while (entries.MoveNext())
                // What is on its way here is nobody's file yet, and no server takes such a name.
                if (!HiddenNames.Is(entries.Name))
                    names.Add(entries.Name.ToArray());
        }
        names.Sort(static (left, right) => left.AsSpan().SequenceCompareTo(right));
        return names;
    }

    private LocalEntry? Look(FileDescriptor directory, byte[] parent, byte[] name, Action<byte[], TransferException> failed)
    {
        byte[] path = parent.Length == 0 ? name : [.. parent, (byte)'/', .. name];
        var error = Libc.StatusOf(directory, name, out var status);
        byte[] target = [];
        if (error == Errno.None && status.Type == FileType.SymbolicLink)
        {
            var buffer = new byte[Libc.PathLimit];
            var read = Libc.ReadLink(directory, name, buffer);
            error = read.Error;
            target = buffer[..(int)read.Count];
        }
        if (error == Errno.None)
            return new(path, status, target);
        // What vanished since it was named is no failure: the tree is as it is now.
        if (error != Errno.NoEntry)
            failed(path, LocalFailure.Of($"cannot look at {NameOf(path)}", error));
        return null;
    }
}
