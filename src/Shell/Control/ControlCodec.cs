using System.Text.Json;
using LanguageExt;
using Trainyard.Core.Control;

namespace Trainyard.Shell.Control;

/// <summary>Requests and answers as lines of JSON.</summary>
internal static class ControlCodec
{
    /// <summary>A request's line, with its line feed.</summary>
    public static byte[] Line(ControlRequest request, bool wait) =>
        Line(JsonSerializer.SerializeToUtf8Bytes(
            ControlRequestDocument.Of(ControlProtocol.Write(request, wait)), ControlJson.Default.ControlRequestDocument));

    /// <summary>An answer's line, with its line feed.</summary>
    public static byte[] Line(ControlAnswer answer) => Line(JsonSerializer.SerializeToUtf8Bytes(answer, ControlJson.Default.ControlAnswer));

    /// <summary>Reads a request's line, without its line feed.</summary>
    public static Either<ControlError, (ControlRequest Request, bool Wait)> ReadRequest(ReadOnlySpan<byte> line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, ControlJson.Default.ControlRequestDocument) is { } document
                ? ControlProtocol.Read(document.Fields)
                : new ControlError.NotARequest();
        }
        catch (JsonException)
        {
            return new ControlError.NotARequest();
        }
    }

    /// <summary>Reads an answer's line; <c>null</c> where it is none.</summary>
    public static ControlAnswer? ReadAnswer(ReadOnlySpan<byte> line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, ControlJson.Default.ControlAnswer);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static byte[] Line(byte[] json) => [.. json, (byte)'\n'];
}
