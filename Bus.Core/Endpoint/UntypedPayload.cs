using System.Runtime.CompilerServices;
using Bus.Core.Client;

namespace Bus.Core.Endpoint;

/// <summary>Sends a value by its run-time type: actors tell objects, serializers want the type as an argument. Thread-safe.</summary>
internal abstract class UntypedPayload
{
    // Weak: a type of an assembly that can be unloaded must not be held.
    private static readonly ConditionalWeakTable<Type, UntypedPayload> ByType = [];

    public static UntypedPayload Of(object value) =>
        ByType.GetValue(value.GetType(), static type => (UntypedPayload)Activator.CreateInstance(typeof(Typed<>).MakeGenericType(type))!);

    public abstract ValueTask PublishAsync(IBus bus, string topic, object value, PublishOptions? options);

    public abstract Task<BusMessage<TReply>> RequestAsync<TReply>(IBus bus, string topic, object value, RequestOptions options);

    public abstract ValueTask ReplyAsync(BusMessage request, object value);

    private sealed class Typed<T> : UntypedPayload
    {
        public override ValueTask PublishAsync(IBus bus, string topic, object value, PublishOptions? options) => bus.PublishAsync(topic, (T)value, options);

        public override Task<BusMessage<TReply>> RequestAsync<TReply>(IBus bus, string topic, object value, RequestOptions options) =>
            bus.RequestMessageAsync<T, TReply>(topic, (T)value, options);

        public override ValueTask ReplyAsync(BusMessage request, object value) => request.ReplyAsync((T)value);
    }
}
