using System.Buffers;
using System.Collections.Concurrent;
using Bus.Core.Client;
using Google.Protobuf;

namespace Bus.Protobuf;

/// <summary>
/// Messages of Google.Protobuf, as protoc generates them, in the binary form of Protocol Buffers. It supports these types and no others, and sends
/// <c>application/x-protobuf</c> along; it reads <c>application/protobuf</c> and <c>application/vnd.google.protobuf</c> too. Beside another serializer,
/// <c>Serializer = ProtobufBusSerializer.Default, Serializers = [JsonBusSerializer.Default]</c>, the type of the value chooses. A payload does not say which message it is: one of another
/// type is often read without an error, its fields being unknown ones. Thread-safe.
/// </summary>
public sealed class ProtobufBusSerializer : IBusSerializer
{
    private static readonly ConcurrentDictionary<Type, Func<IMessage>> Empty = new();

    private ProtobufBusSerializer()
    {
    }

    /// <summary>The serializer. It has nothing to set.</summary>
    public static ProtobufBusSerializer Default { get; } = new();

    /// <inheritdoc />
    public string ContentType => "application/x-protobuf";

    /// <inheritdoc />
    public bool Reads(string contentType) => contentType is "application/x-protobuf" or "application/protobuf" or "application/vnd.google.protobuf";

    /// <inheritdoc />
    public bool Supports(Type type) => typeof(IMessage).IsAssignableFrom(type);

    /// <inheritdoc />
    public void Serialize<T>(T value, IBufferWriter<byte> target)
    {
        if (value is IMessage message) message.WriteTo(target);
        else if (value is null && Supports(typeof(T))) throw new ArgumentNullException(nameof(value), $"There is no null in Protocol Buffers: publish an empty {typeof(T).Name}, or a message that says that there is none.");
        else throw NoMessage(typeof(T));
    }

    /// <inheritdoc />
    public T Deserialize<T>(ReadOnlyMemory<byte> payload)
    {
        if (!Supports(typeof(T))) throw NoMessage(typeof(T));
        var message = (T)Empty.GetOrAdd(typeof(T), Creator)();
        // As a sequence: read in place, and a length that is a lie ends at the end of the payload.
        ((IMessage)message).MergeFrom(new ReadOnlySequence<byte>(payload));
        return message;
    }

    private static Func<IMessage> Creator(Type type) => !type.IsAbstract && type.GetConstructor(Type.EmptyTypes) is not null
        ? () => (IMessage)Activator.CreateInstance(type)!
        : throw new NotSupportedException($"{type} cannot be created: read the generated class of the message, which has a constructor without parameters.");

    private static NotSupportedException NoMessage(Type type) =>
        new($"{type} is no message of Protocol Buffers: only what protoc generates, which implements {nameof(IMessage)}, can be written and read as such. Add another serializer to the Serializers of the bus's options for the rest.");
}
