using System.Text;
using System.Text.Json;
using Trainyard.Cli;
using Trainyard.Shell;

namespace Trainyard.Client;

/// <summary>Results as JSON: ASCII, one object a line. Fields may be added; none is renamed or removed.</summary>
internal static class JsonLine
{
    /// <summary>An object of these fields.</summary>
    public static string Of(Action<Utf8JsonWriter> fields)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            fields(writer);
            writer.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    /// <summary>A failure, in the fields that every command gives it.</summary>
    public static void WriteFailure(Utf8JsonWriter writer, string subject, TransferException failure)
    {
        writer.WriteString("type", "error");
        writer.WriteString("subject", subject);
        WriteReason(writer, failure);
    }

    /// <summary>Why something failed, in the fields that every failure has.</summary>
    public static void WriteReason(Utf8JsonWriter writer, TransferException failure)
    {
        writer.WriteString("reason", FailureText.Word(failure.Reason));
        writer.WriteNumber("exit", (int)ExitCodes.Of(failure.Reason));
        writer.WriteString("message", failure.Message);
        writer.WriteBoolean("resumable", failure.CanResume);
    }

    /// <summary>An entry at a server.</summary>
    /// <param name="writer">In an object.</param>
    /// <param name="server">Where.</param>
    /// <param name="entry">What; <c>url</c> is exact for any name, <c>path</c> for those that are UTF-8.</param>
    public static void WriteEntry(Utf8JsonWriter writer, TrainAddress server, RemoteEntry entry)
    {
        WritePath(writer, server, entry.Path);
        writer.WriteString("kind", Kind(entry.Kind));
        writer.WriteNumber("size", entry.Size);
        writer.WriteString("modified", entry.Modified.UtcDateTime.ToString("O", System.Globalization.CultureInfo.InvariantCulture));
        writer.WriteNumber("modified_ns", entry.ModifiedNs);
        writer.WriteNumber("mode", entry.Mode);
        if (!entry.Identity.IsNone)
            writer.WriteString("identity", entry.Identity.ToString());
        if (entry.Kind == RemoteEntryKind.Link)
            writer.WriteString("target", Encoding.UTF8.GetString(entry.Target.Span));
    }

    /// <summary>Where something lies at a server.</summary>
    public static void WritePath(Utf8JsonWriter writer, TrainAddress server, TrainPath path)
    {
        writer.WriteString("path", Encoding.UTF8.GetString(path.Bytes));
        writer.WriteString("url", server.At(path).ToString());
    }

    /// <summary>A kind in one word.</summary>
    public static string Kind(RemoteEntryKind kind) =>
        kind switch
        {
            RemoteEntryKind.File => "file",
            RemoteEntryKind.Directory => "directory",
            RemoteEntryKind.Link => "link",
            _ => "other",
        };

    /// <summary>An algorithm in one word.</summary>
    public static string Algorithm(DigestAlgorithm algorithm) =>
        algorithm switch
        {
            DigestAlgorithm.Md5 => "md5",
            DigestAlgorithm.Sha256 => "sha256",
            _ => "xxh128",
        };
}
