using System.Text;
using Trainyard.Shell.Linux;

namespace Trainyard.Integration.Transfer;

/// <summary>Looks at what is under a name all the time, and keeps the digest of every content that was ever seen there.</summary>
internal sealed class NameWatcher : IDisposable
{
    private readonly byte[] _path;
    private readonly HashSet<string> _seen = [];
    private readonly Thread _thread;
    private volatile bool _isOver;

    public NameWatcher(string path)
    {
        _path = Encoding.UTF8.GetBytes(path);
        _thread = new(Watch);
        _thread.Start();
    }

    /// <summary>What was seen, as digests; final after <see cref="Dispose"/>.</summary>
    public IReadOnlySet<string> Seen => _seen;

    public void Dispose()
    {
        _isOver = true;
        _thread.Join();
    }

    private void Watch()
    {
        (ulong, long, long) last = default;
        for (var isLastLook = false; !isLastLook;)
        {
            isLastLook = _isOver;
            var opened = Libc.Open(FileDescriptor.WorkingDirectory, _path, OpenFlags.ReadOnly);
            if (opened.IsOk)
            {
                using (opened.Descriptor)
                {
                    // The same file with the same times is what was hashed before.
                    var status = Libc.Status(opened.Descriptor);
                    var look = (status.Inode, status.Size, status.ChangedNs);
                    if (look != last)
                        _seen.Add(Contents.Digest(opened.Descriptor));
                    last = look;
                }
            }
            Thread.Sleep(1);
        }
    }
}
