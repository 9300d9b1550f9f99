using System.Diagnostics;

namespace Trainyard.Integration.Support;

/// <summary>A client in the dialect <c>whole</c> that receives a little at a time until it is told to hurry: a transfer that lasts as long as a test needs it.</summary>
internal sealed class SlowPeer : IDisposable
{
    /// <summary>A sender is done when the kernel has taken everything, and that takes some MB before the peer reads any of it.</summary>
    public const int LongerThanTheKernelQueues = 30_000_000;

    private readonly Process _process;

    private SlowPeer(Process process) => _process = process;

    /// <summary>Starts one, and waits until something of the file has arrived.</summary>
    public static async Task<SlowPeer> BeginAsync(RunningServer server, string path)
    {
        var peer = new SlowPeer(Programs.Start(
            Programs.Peer, "fetch", "127.0.0.1", $"{server.Port}", "whole", path, "--slow", "--rcvbuf", "4096", "--max-recv", "4096"));
        try
        {
            await Cargo.HasBegunAsync(path);
            return peer;
        }
        catch
        {
            peer.Dispose();
            throw;
        }
    }

    /// <summary>Lets it receive as fast as it can, and waits for its end.</summary>
    public Task<Finished> HurryAsync()
    {
        _process.StandardInput.Close();
        return Programs.EndOfAsync(_process);
    }

    /// <summary>Waits for the end of one that stays slow, and so comes to its end only by being cut.</summary>
    public Task<Finished> EndAsync() => Programs.EndOfAsync(_process);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }
}
