namespace Trainyard.Core.Protocol;

/// <summary>What a server waits for with a limit, so that a client that says nothing, or says it byte by byte, holds no slot for ever.</summary>
public enum SessionTimer
{
    /// <summary>The hello, from the beginning of the connection.</summary>
    Hello,

    /// <summary>A whole request, from its first byte.</summary>
    Request,

    /// <summary>The next request, from the end of the last answer.</summary>
    Idle,

    /// <summary>Any byte, in either direction, while a file moves or an answer leaves.</summary>
    Progress,
}

/// <summary>What people read of a timer.</summary>
public static class SessionTimers
{
    /// <summary>Names what was waited for.</summary>
    public static string Describe(this SessionTimer timer) =>
        timer switch
        {
            SessionTimer.Hello => "the hello",
            SessionTimer.Request => "a request",
            SessionTimer.Idle => "the next request",
            _ => "the next byte",
        };
}
