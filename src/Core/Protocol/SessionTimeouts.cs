namespace Trainyard.Core.Protocol;

/// <summary>How long a server waits. <c>null</c> is for ever.</summary>
/// <param name="Hello">For the whole hello, from the beginning of the connection.</param>
/// <param name="Request">For the whole of a request whose first byte has come.</param>
/// <param name="Idle">For the next request.</param>
/// <param name="Progress">For any byte while a file moves or an answer leaves.</param>
public sealed record SessionTimeouts(TimeSpan? Hello, TimeSpan? Request, TimeSpan? Idle, TimeSpan? Progress)
{
    /// <summary>10 s for the hello and for a request, 5 minutes idle, 60 s without progress.</summary>
    public static SessionTimeouts Default { get; } =
        new(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(5), TimeSpan.FromSeconds(60));
}
