using System.Buffers;
using System.Globalization;
using System.Text;
using Bus.Core.Messages;
using Bus.Transport.Nats;

namespace Bus.Transport.JsonLines;

/// <summary>Writes what a client asks for as the operations of NATS that the bus reads. What the bus would close a connection for is refused here. Single-threaded.</summary>
internal sealed class NatsPen(ByteQueue target, JsonLimits limits)
{
    /// <summary>CONNECT.</summary>
    /// <returns>Why it cannot be said. Null: it is.</returns>
    public JsonFault? Connect(ConnectOptions options)
    {
        var line = NatsJson.ConnectLine(options);
        if (line.Length > limits.MaxControlLine) return TooLong("What 'connect' says of the client", line.Length);
        target.Write(line);
        return null;
    }

    /// <summary>PUB, or HPUB when there are headers.</summary>
    /// <returns>Why it cannot be said. Null: it is.</returns>
    public JsonFault? Publish(string topic, string? replyTo, BusHeaders? headers, bool isRequest, ReadOnlySpan<byte> payload)
    {
        var (topicLength, replyLength) = (Encoding.UTF8.GetByteCount(topic), Encoding.UTF8.GetByteCount(replyTo ?? ""));
        var headLength = NatsWriter.MaxPubHeadLength(topicLength, replyLength);
        if (headLength > limits.MaxControlLine) return TooLong($"The topic that begins with '{JsonOperationParser.Short(topic)}', with what goes along with it,", headLength);
        var headerLength = HeaderBlock.Measure(headers, isRequest);
        var length = (long)headerLength + payload.Length;
        if (length > limits.MaxPayload) return new JsonFault("payload-too-large", $"The message to '{JsonOperationParser.Short(topic)}' has {JsonPen.Count(length)} bytes with its headers; the bus allows {JsonPen.Count(limits.MaxPayload)}.");

        var room = target.GetSpan(topicLength + replyLength + headLength + (int)length + NatsWriter.LineEnd.Length);
        // Both are needed as bytes for a moment only: behind what is written of them.
        var names = room[(headLength + (int)length + NatsWriter.LineEnd.Length)..];
        var topicBytes = names[..Encoding.UTF8.GetBytes(topic, names)];
        var replyBytes = names[topicLength..];
        replyBytes = replyBytes[..Encoding.UTF8.GetBytes(replyTo ?? "", replyBytes)];
        var at = NatsWriter.WritePubHead(room, topicBytes, replyBytes, headerLength, (int)length);
        at += HeaderBlock.Write(headers, room[at..], isRequest);
        payload.CopyTo(room[at..]);
        NatsWriter.LineEnd.CopyTo(room[(at + payload.Length)..]);
        target.Advance(at + payload.Length + NatsWriter.LineEnd.Length);
        return null;
    }

    /// <summary>Why a filter and a queue group cannot be said. Null: they can.</summary>
    public JsonFault? Check(string filter, string? queue)
    {
        var length = NatsWriter.MaxSubLength(Encoding.UTF8.GetByteCount(filter), Encoding.UTF8.GetByteCount(queue ?? ""), sid: 20);
        return length > limits.MaxControlLine ? TooLong($"The filter that begins with '{JsonOperationParser.Short(filter)}', with its queue group,", length) : null;
    }

    public void Subscribe(string filter, string? queue, long sid)
    {
        var (filterBytes, queueBytes, sidBytes) = (Encoding.UTF8.GetBytes(filter), Encoding.UTF8.GetBytes(queue ?? ""), Sid(sid));
        target.Advance(NatsWriter.WriteSub(target.GetSpan(NatsWriter.MaxSubLength(filterBytes.Length, queueBytes.Length, sidBytes.Length)), filterBytes, queueBytes, sidBytes));
    }

    public void Unsubscribe(long sid, long max = 0)
    {
        var bytes = Sid(sid);
        target.Advance(NatsWriter.WriteUnsub(target.GetSpan(NatsWriter.MaxUnsubLength(bytes.Length)), bytes, max));
    }

    public void Ping() => target.Write(NatsWriter.Ping);

    public void Pong() => target.Write(NatsWriter.Pong);

    /// <summary>A line that is longer than any may be: what the bus does about one is what it is to do about a client's.</summary>
    public void TooLong()
    {
        var length = "PING"u8.Length + limits.MaxControlLine + 8;
        var room = target.GetSpan(length)[..length];
        room.Fill((byte)' ');
        "PING"u8.CopyTo(room);
        target.Advance(length);
    }

    private JsonFault TooLong(string what, int length) => new("bad-value", $"{what} takes {JsonPen.Count(length)} bytes; {JsonPen.Count(limits.MaxControlLine)} are allowed.");

    private static byte[] Sid(long sid) => Encoding.ASCII.GetBytes(sid.ToString(CultureInfo.InvariantCulture));
}

/// <summary>What bounds a client of JSON lines, in bytes.</summary>
/// <param name="MaxPayload">Headers and payload of a message.</param>
/// <param name="MaxControlLine">Topic, reply-to and what else stands before a message.</param>
/// <param name="MaxLine">A line of JSON.</param>
internal sealed record JsonLimits(int MaxPayload, int MaxControlLine, int MaxLine);
