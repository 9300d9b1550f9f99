using System.Net;
using Trainyard.Shell;

if (WorkerEntry.RunIfWorker(args) is { } status) // a worker is this program, started again
    return status;

using var server = new TrainyardServer(new() { Root = args[0], Listen = [new IPEndPoint(IPAddress.Loopback, 0)] });
var serving = server.Start();
await using (var client = await TrainyardClient.ConnectAsync(TrainAddress.Of((IPEndPoint)server.EndPoints[0])))
{
    var file = await client.DownloadAsync(args[1], args[2]); // resumed, verified, and under its name only once it is whole
    Console.WriteLine($"{file.Digest}  {args[2]}");
}
server.Drain();
return (await serving).Aborted == 0 ? 0 : 1;
