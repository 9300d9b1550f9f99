using Trainyard.Core.Textbook;

namespace Trainyard.Shell.Client;

/// <summary>One way of moving a response into a file.</summary>
internal interface IFileReceiver : IDisposable
{
    /// <summary>Receives until the machine has ended.</summary>
    /// <returns>The machine's last state: finished, or with the error.</returns>
    /// <exception cref="TransferException">The local side failed, or nothing came for too long.</exception>
    ReceiverState Receive(ClientConnection connection, DownloadTarget target, ReceiverState state);
}
