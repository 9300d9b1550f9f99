using System.Formats.Cbor;
using Trainyard.Core.Framing;

namespace Trainyard.Core.Protocol;

/// <summary>Messages to fields, one case a message. The counterpart of <see cref="MessageReader"/>.</summary>
/// <remarks>Canonical (RFC 8949, 4.2): keys in ascending order, shortest heads, definite lengths. What is empty, unset or false is left out.</remarks>
internal static class MessageWriter
{
    internal static byte[] Encode(Message message)
    {
        // Keys are written once and in their order; to have that checked costs a set a message, and with its seed OpenSSL in every process.
        var w = new CborWriter(CborConformanceMode.Lax, convertIndefiniteLengthEncodings: true);
        w.WriteStartMap(null);
        Write(w, message);
        w.WriteEndMap();
        return w.Encode();
    }

    private static void Write(CborWriter w, Message message)
    {
        switch (message)
        {
            case Message.ClientHello m:
                w.Text(0, MessageCodec.Magic);
                w.Number(1, m.LowestVersion);
                w.Number(2, m.HighestVersion);
                Limits(w, m.Limits);
                w.Numbers(6, m.Hashes.Map(static hash => (int)hash));
                w.Bytes(7, m.Auth);
                break;
            case Message.ServerHello m:
                w.Text(0, MessageCodec.Magic);
                w.Number(1, m.Version);
                Limits(w, m.Limits);
                w.Number(6, (int)m.Algorithm);
                w.Bytes(7, m.Session);
                break;
            case Message.Get m:
                w.Path(0, m.Path);
                Range(w, m.Range);
                w.Bytes(3, m.IfIdentity);
                w.Number(4, (int?)m.Algorithm);
                break;
            case Message.Put m:
                w.Path(0, m.Path);
                w.Number(1, m.Size);
                w.Number(2, m.Modified);
                w.Number(3, m.Mode);
                w.Bytes(4, m.ResumeToken);
                w.Bytes(5, m.IfIdentity);
                w.Flag(6, m.NoClobber);
                w.Number(7, (int?)m.Algorithm);
                w.Flag(8, m.Eager);
                break;
            case Message.MakeLink m:
                w.Path(0, m.Path);
                w.Bytes(1, m.Target);
                w.Number(2, m.Modified);
                w.Flag(3, m.NoClobber);
                break;
            case Message.SetAttributes m:
                w.Path(0, m.Path);
                w.Number(1, m.Modified);
                w.Number(2, m.Mode);
                break;
            case Message.List m:
                w.Path(0, m.Path);
                w.Flag(1, m.Recursive);
                w.Path(2, m.After);
                break;
            case Message.Stat m:
                w.Path(0, m.Path);
                break;
            case Message.Hash m:
                w.Path(0, m.Path);
                Range(w, m.Range);
                w.Bytes(3, m.IfIdentity);
                w.Number(4, (int?)m.Algorithm);
                w.Number(5, m.BlockSize == 0 ? null : m.BlockSize);
                break;
            case Message.MakeDirectory m:
                w.Path(0, m.Path);
                w.Number(1, m.Mode);
                w.Flag(2, m.Parents);
                break;
            case Message.Move m:
                w.Path(0, m.From);
                w.Path(1, m.To);
                w.Flag(2, m.NoClobber);
                w.Bytes(3, m.IfIdentity);
                break;
            case Message.Remove m:
                w.Path(0, m.Path);
                w.Bytes(3, m.IfIdentity);
                break;
            case Message.Ping m:
                w.Bytes(0, m.Payload);
                break;
            case Message.Fin m:
                w.Number(0, m.Total);
                w.Bytes(1, m.Digest);
                break;
            case Message.Error m:
                w.Number(0, (int)m.Failure.Code);
                w.Text(1, m.Failure.Text);
                w.Flag(2, m.Failure.IsRetryable);
                w.Number(3, m.Failure.RetryAfter);
                break;
            default:
                WriteAnswer(w, message);
                break;
        }
    }

    private static void WriteAnswer(CborWriter w, Message message)
    {
        switch (message)
        {
            case Message.Meta m:
                w.Number(0, m.Size);
                w.Number(1, m.Modified);
                w.Number(2, m.Mode);
                w.Bytes(3, m.Identity);
                w.Number(4, m.TrainSize);
                w.Number(5, (int)m.Algorithm);
                break;
            case Message.Go m:
                w.Number(0, m.Offset);
                w.Bytes(1, m.Token);
                w.Number(2, m.TrainSize);
                break;
            case Message.Committed m:
                w.Bytes(0, m.Identity);
                w.Bytes(1, m.Digest);
                break;
            case Message.Entries m:
                w.WriteInt32(0);
                w.WriteStartArray(m.Batch.Count);
                foreach (var entry in m.Batch)
                    WriteEntry(w, entry);
                w.WriteEndArray();
                break;
            case Message.StatAnswer m:
                w.Number(0, (int)TrainKind.Stat);
                w.WriteInt32(1);
                WriteEntry(w, m.Entry);
                break;
            case Message.HashAnswer m:
                w.Number(0, (int)TrainKind.Hash);
                w.Number(1, m.Size);
                w.Bytes(2, m.Identity);
                w.Number(3, (int)m.Algorithm);
                w.Bytes(4, m.Digest);
                w.Bytes(5, m.Blocks);
                break;
            case Message.DoneAnswer m:
                w.Number(0, (int)m.Request);
                break;
            case Message.PingAnswer m:
                w.Number(0, (int)TrainKind.Ping);
                w.Bytes(1, m.Payload);
                break;
            case Message.StatusAnswer(var state):
                w.Number(0, (int)TrainKind.Status);
                w.Number(1, state.Workers);
                w.Number(2, state.Connections);
                w.Number(3, state.Waiting);
                w.Number(4, state.Uptime);
                w.Flag(5, state.IsDraining);
                break;
            default:
                break;
        }
    }

    private static void WriteEntry(CborWriter w, Entry entry)
    {
        w.WriteStartMap(null);
        w.Path(0, entry.Path);
        w.Number(1, (int)entry.Kind);
        w.Number(2, entry.Size);
        w.Number(3, entry.Modified);
        w.Number(4, entry.Mode);
        w.Bytes(5, entry.Identity);
        w.Bytes(6, entry.Target);
        w.WriteEndMap();
    }

    private static void Limits(CborWriter w, SessionLimits limits)
    {
        w.Number(3, limits.MaximumTrain);
        w.Number(4, limits.MaximumControl);
        w.Number(5, limits.Pipelined);
    }

    private static void Range(CborWriter w, FileRange range)
    {
        w.Number(1, range.Offset == 0 ? null : range.Offset);
        w.Number(2, range.Length);
    }
}
