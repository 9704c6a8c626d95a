using Bus.Core.Client;

namespace Bus.Core.Endpoint;

/// <summary>How the reply to an Ask of a topic is read: as a value, or as the whole message.</summary>
internal abstract class TopicReplies
{
    public static TopicReplies Of<TReply>()
    {
        var type = typeof(TReply);
        if (!type.IsGenericType || type.GetGenericTypeDefinition() != typeof(BusMessage<>)) return new Values<TReply>();
        return (TopicReplies)Activator.CreateInstance(typeof(Messages<>).MakeGenericType(type.GetGenericArguments()))!;
    }

    /// <summary>Sends the request and waits for the reply.</summary>
    /// <exception cref="PayloadFormatException">The reply cannot be read, or it is null, which no actor can be told.</exception>
    public abstract Task<object> RequestAsync(IBus bus, string topic, object message, RequestOptions options);

    private static Task<BusMessage<T>> SendAsync<T>(IBus bus, string topic, object message, RequestOptions options) =>
        message is BusMessage relayed
            ? bus.RequestMessageAsync<ReadOnlyMemory<byte>, T>(topic, relayed.RawPayload, relayed.HasHeaders ? options with { Headers = relayed.RawHeaders } : options)
            : UntypedPayload.Of(message).RequestAsync<T>(bus, topic, message, options);

    private sealed class Values<T> : TopicReplies
    {
        public override async Task<object> RequestAsync(IBus bus, string topic, object message, RequestOptions options) =>
            (await SendAsync<T>(bus, topic, message, options)).Data
            ?? throw new PayloadFormatException($"The reply on '{topic}' is null, and an actor cannot be told null: open the reference for BusMessage<{typeof(T).Name}>.", topic);
    }

    private sealed class Messages<T> : TopicReplies
    {
        public override async Task<object> RequestAsync(IBus bus, string topic, object message, RequestOptions options) => await SendAsync<T>(bus, topic, message, options);
    }
}
