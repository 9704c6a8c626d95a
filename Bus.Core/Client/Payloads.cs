using System.Buffers;
using System.Text;

namespace Bus.Core.Client;

/// <summary>Values to payloads and back: bytes and text as they are, the rest by the serializer.</summary>
internal static class Payloads
{
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

    public static byte[] ToArray<T>(T value, IBusSerializer serializer)
    {
        var buffer = new ArrayBufferWriter<byte>();
        Write(value, buffer, serializer, "");
        return buffer.WrittenSpan.ToArray();
    }

    public static T Read<T>(ReadOnlyMemory<byte> payload, IBusSerializer serializer, string topic)
    {
        // The casts go through object, but the JIT knows T for structs and the payload is an object of its own anyhow.
        if (typeof(T) == typeof(ReadOnlyMemory<byte>)) return (T)(object)payload;
        if (typeof(T) == typeof(byte[])) return (T)(object)payload.ToArray();
        if (typeof(T) == typeof(string)) return (T)(object)Encoding.UTF8.GetString(payload.Span);
        try
        {
            return serializer.Deserialize<T>(payload);
        }
        catch (Exception e) when (e is not BusException)
        {
            throw new PayloadFormatException($"The payload on '{topic}' ({Plural.Of(payload.Length, "byte")}: {Excerpt(payload.Span)}) cannot be read as {typeof(T)} by {serializer.GetType().Name}: {e.Message}", topic, e);
        }
    }

    private static string Excerpt(ReadOnlySpan<byte> payload)
    {
        if (payload.IsEmpty) return "it is empty";
        var text = Encoding.UTF8.GetString(payload[..Math.Min(40, payload.Length)]);
        return $"'{string.Concat(text.Select(c => char.IsControl(c) ? '.' : c))}'{(payload.Length > 40 ? "..." : "")}";
    }
}
