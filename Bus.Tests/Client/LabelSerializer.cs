using System.Buffers;
using System.Text;
using System.Text.Json;
using Bus.Core.Client;

namespace Bus.Tests.Client;

/// <summary>A format of its own, which nothing else reads: JSON behind a letter.</summary>
internal sealed class LabelSerializer(string contentType, char letter = '#', params Type[] types) : IBusSerializer
{
    public string ContentType => contentType;

    public bool Supports(Type type) => types.Length == 0 || types.Contains(type);

    public void Serialize<T>(T value, IBufferWriter<byte> target)
    {
        target.Write([(byte)letter]);
        target.Write(JsonSerializer.SerializeToUtf8Bytes(value));
    }

    public T Deserialize<T>(ReadOnlyMemory<byte> payload) => payload.Length > 0 && payload.Span[0] == letter
        ? JsonSerializer.Deserialize<T>(payload.Span[1..])!
        : throw new FormatException($"It begins with '{Encoding.UTF8.GetString(payload.Span[..Math.Min(1, payload.Length)])}', not with '{letter}'.");
}
