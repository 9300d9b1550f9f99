using System.Net;

namespace Trainyard.Shell;

/// <summary>A file that arrived whole.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Name">Its name, safe to print.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Digest">Its digest in lower-case hexadecimal; <c>null</c> where none was asked for.</param>
/// <param name="Elapsed">From connecting until it stood under its name.</param>
/// <param name="LocalEndPoint">The client's end of the connection.</param>
public sealed record DownloadResult(string Path, string Name, long Bytes, string? Digest, TimeSpan Elapsed, IPEndPoint LocalEndPoint);
