using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using Bus.Core.Messages;

namespace Bus.Core.Client;

/// <summary>Values to payloads and back: bytes and text as they are, the rest by the serializer.</summary>
internal static class Payloads
{
    /// <summary>Whether it is sent as it is.</summary>
    public static bool IsRaw<T>(T value) =>
        value is byte[] or string or ReadOnlyMemory<byte> or Memory<byte> or ReadOnlySequence<byte> || (value is null && (typeof(T) == typeof(byte[]) || typeof(T) == typeof(string)));

    public static void Write<T>(T value, IBufferWriter<byte> target, IBusSerializer serializer, string topic)
    {
        switch (value)
        {
            case byte[] bytes:
                target.Write(bytes);
                return;
            case ReadOnlyMemory<byte> memory:
                target.Write(memory.Span);
                return;
            case Memory<byte> memory:
                target.Write(memory.Span);
                return;
            case ReadOnlySequence<byte> sequence:
                foreach (var segment in sequence) target.Write(segment.Span);
                return;
            case string text:
                Encoding.UTF8.GetBytes(text, target);
                return;
            case null when typeof(T) == typeof(byte[]) || typeof(T) == typeof(string):
                return;
        }

        try
        {
            serializer.Serialize(value, target);
        }
        catch (Exception e) when (e is not BusException)
        {
            throw new PayloadFormatException($"The payload for '{topic}', a {typeof(T)}, cannot be serialized by {serializer.GetType().Name}: {e.Message}", topic, e);
        }
    }

    /// <summary>A value as it would be sent, and its content type if that is to be sent along.</summary>
    public static (byte[] Payload, string? ContentType) Encode<T>(T value, PayloadCodec codec, ReplyFormat? reply = null, BusHeaders? headers = null, string topic = "")
    {
        var writer = codec.Writer<T>(headers, reply);
        var buffer = new ArrayBufferWriter<byte>();
        Write(value, buffer, writer.Serializer, topic);
        return (buffer.WrittenSpan.ToArray(), writer.Line.Length > 0 && !IsRaw(value) ? writer.ContentType : null);
    }

    /// <summary>Whether the payload is the value.</summary>
    public static bool TryReadBytes<T>(ReadOnlyMemory<byte> payload, [MaybeNullWhen(false)] out T value)
    {
        // The casts go through object, but the JIT knows T for structs and the payload is an object of its own anyhow.
        if (typeof(T) == typeof(ReadOnlyMemory<byte>)) value = (T)(object)payload;
        else if (typeof(T) == typeof(byte[])) value = (T)(object)payload.ToArray();
        else if (typeof(T) == typeof(Memory<byte>)) value = (T)(object)new Memory<byte>(payload.ToArray());
        else if (typeof(T) == typeof(ReadOnlySequence<byte>)) value = (T)(object)new ReadOnlySequence<byte>(payload);
        else
        {
            value = default;
            return false;
        }

        return true;
    }

    /// <param name="payload">It, decompressed.</param>
    /// <param name="contentType">What its headers say of it. Empty: nothing.</param>
    /// <param name="codec">The serializers.</param>
    /// <param name="topic">For errors.</param>
    public static T Read<T>(ReadOnlyMemory<byte> payload, ReadOnlySpan<byte> contentType, PayloadCodec codec, string topic)
    {
        if (typeof(T) == typeof(string)) return (T)(object)ReadText(payload, contentType, topic);
        var serializer = codec.Reader<T>(contentType, payload.Length, topic);
        try
        {
            return serializer.Deserialize<T>(payload);
        }
        catch (Exception e) when (e is not BusException)
        {
            throw new PayloadFormatException($"The payload on '{topic}' ({Plural.Of(payload.Length, "byte")}: {Excerpt(payload.Span)}) cannot be read as {typeof(T)} by {serializer.GetType().Name}: {e.Message}", topic, e);
        }
    }

    private static string ReadText(ReadOnlyMemory<byte> payload, ReadOnlySpan<byte> contentType, string topic)
    {
        if (ContentHeaders.IsUtf8(contentType)) return Encoding.UTF8.GetString(payload.Span);
        var shown = PayloadCodec.Shown(contentType);
        throw new PayloadFormatException($"The payload on '{topic}' ({Plural.Of(payload.Length, "byte")}) has the content type '{shown}', and only UTF-8 can be read as text: have it sent as UTF-8, or read the bytes.", topic) { UnsupportedType = shown };
    }

    private static string Excerpt(ReadOnlySpan<byte> payload)
    {
        if (payload.IsEmpty) return "it is empty";
        var text = Encoding.UTF8.GetString(payload[..Math.Min(40, payload.Length)]);
        return $"'{string.Concat(text.Select(c => char.IsControl(c) ? '.' : c))}'{(payload.Length > 40 ? "..." : "")}";
    }
}
