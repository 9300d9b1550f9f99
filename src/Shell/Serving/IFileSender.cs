using Trainyard.Core.Textbook;
using Trainyard.Shell.Linux;

namespace Trainyard.Shell.Serving;

/// <summary>One way of moving a response into a socket. Holds no position: what was sent is the machine's to know.</summary>
internal interface IFileSender : IDisposable
{
    /// <summary>Sends some bytes of a response, in as few system calls as the way allows, without waiting.</summary>
    /// <param name="socket">The connection.</param>
    /// <param name="file">The file in the response.</param>
    /// <param name="layout">The response.</param>
    /// <param name="from">The first byte's position in it.</param>
    /// <param name="to">The position after the last byte that may leave.</param>
    SendResult Send(Descriptor socket, ServedFile file, TextbookLayout layout, long from, long to);
}
