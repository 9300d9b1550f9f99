using System.Net;
using System.Net.Sockets;
using System.Text;
using Trainyard.Shell.Linux;

namespace Trainyard.Shell.Client.Native;

/// <summary>Makes the connection to a server: resolves its name, tries its addresses one after another.</summary>
internal static class Connector
{
    /// <summary>Connects.</summary>
    /// <exception cref="TransferException">No address answers in time.</exception>
    /// <exception cref="OperationCanceledException">The call is cancelled.</exception>
    public static IByteChannel Open(TrainAddress address, Call call)
    {
        if (address.UnixSocket is { } path)
            return OpenUnix(address, Encoding.UTF8.GetBytes(path), call);
        TransferException? last = null;
        foreach (var endPoint in Resolve(address, call))
        {
            try
            {
                return OpenTcp(address, endPoint, call);
            }
            catch (TransferException failure)
            {
                last = failure;
            }
        }
        throw last ?? Unreachable(address, "the name has no address");
    }

    private static SocketChannel OpenTcp(TrainAddress address, IPEndPoint endPoint, Call call)
    {
        // As the server does for what it sends: on loopback the pacing of BBR halves the throughput. Before the connection is made, since
        // the kernel goes on to pace one that began with BBR.
        var begun = Libc.BeginConnect(endPoint, IPAddress.IsLoopback(endPoint.Address) ? "cubic" : null);
        if (!begun.IsOk)
            throw Unreachable(address, ErrnoText.Describe(begun.Error));
        var channel = new SocketChannel(begun.Descriptor);
        try
        {
            var (ready, _) = channel.Wait(PollEvents.Writable, call.Wake, Call.Milliseconds(call.Options.ConnectLimit));
            call.Cancellation.ThrowIfCancellationRequested();
            if (ready == PollEvents.None)
                throw Unreachable(address, $"no answer for {call.Options.ConnectLimit.TotalSeconds:0.###} seconds");
            if (Libc.TakeError(begun.Descriptor) is var error and not Errno.None)
                throw Unreachable(address, ErrnoText.Describe(error));
            // Requests are gathered before they leave; what waits for more says so itself.
            Libc.SetOption(begun.Descriptor, SocketOption.NoDelay, 1);
            return channel;
        }
        catch
        {
            channel.Dispose();
            throw;
        }
    }

    private static SocketChannel OpenUnix(TrainAddress address, byte[] path, Call call)
    {
        var patience = TimeSpan.FromMilliseconds(1);
        while (true)
        {
            var connected = Libc.ConnectUnix(path);
            if (connected.IsOk)
                return new(connected.Descriptor);
            // A full backlog; the kernel has no way to wait for room in it without blocking.
            if (!(connected.Error == Errno.WouldBlock && call.Elapsed < call.Options.ConnectLimit))
                throw Unreachable(address, ErrnoText.Describe(connected.Error));
            call.Pause(patience);
            patience = TimeSpan.FromMilliseconds(Math.Min(50, patience.TotalMilliseconds * 2));
        }
    }

    private static IReadOnlyList<IPEndPoint> Resolve(TrainAddress address, Call call)
    {
        if (IPAddress.TryParse(address.Host, out var literal))
            return [new(literal, address.Port)];
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(call.Cancellation);
        limit.CancelAfter(call.Options.ConnectLimit);
        try
        {
            var found = Dns.GetHostAddressesAsync(address.Host, limit.Token).GetAwaiter().GetResult();
            return [.. found.Select(ip => new IPEndPoint(ip, address.Port))];
        }
        catch (SocketException failure)
        {
            // Told apart from a passing failure of the resolver, which is worth another try.
            throw failure.SocketErrorCode == SocketError.HostNotFound
                ? new TransferException(TransferFailure.Connect, $"{address.Server}: the name is not known", failure)
                : Unreachable(address, failure.Message);
        }
        catch (OperationCanceledException) when (!call.Cancellation.IsCancellationRequested)
        {
            throw Unreachable(address, $"the name was not resolved within {call.Options.ConnectLimit.TotalSeconds:0.###} seconds");
        }
    }

    private static TransferException Unreachable(TrainAddress address, string why) =>
        new(TransferFailure.Connect, $"cannot connect to {address.Server}: {why}") { IsRetryable = true };
}
