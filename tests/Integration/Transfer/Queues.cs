using System.Globalization;

namespace Trainyard.Integration.Transfer;

/// <summary>What the kernel holds of connections of 127.0.0.1 (/proc/net/tcp).</summary>
internal static class Queues
{
    private static readonly string[] Tables = ["/proc/net/tcp", "/proc/net/tcp6"];

    /// <summary>Bytes on their way to whoever is at the other end of a port's connections, those that have arrived and were not read too.</summary>
    /// <param name="port">The port of the side that sends.</param>
    public static long From(int port) => Lines().Sum(line => (line.Local == port ? line.Unsent : 0) + (line.Remote == port ? line.Unread : 0));

    /// <summary>Bytes on their way to a port.</summary>
    public static long To(int port) => Lines().Sum(line => (line.Remote == port ? line.Unsent : 0) + (line.Local == port ? line.Unread : 0));

    private static IEnumerable<(int Local, int Remote, long Unsent, long Unread)> Lines()
    {
        const string Listening = "0A";
        foreach (var line in Tables.SelectMany(File.ReadLines))
        {
            var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (fields.Length > 4 && fields[1].Contains(':', StringComparison.Ordinal) && fields[3] != Listening)
                yield return (Port(fields[1]), Port(fields[2]), Hex(fields[4].Split(':')[0]), Hex(fields[4].Split(':')[1]));
        }
    }

    private static int Port(string address) => (int)Hex(address.Split(':')[1]);

    private static long Hex(string digits) => long.Parse(digits, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
