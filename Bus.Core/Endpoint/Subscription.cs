using System.Text;
using Bus.Core.Client;
using Bus.Core.Messages;

namespace Bus.Core.Endpoint;

/// <summary>A subscription whose payloads are read as <typeparamref name="T"/>.</summary>
internal sealed class Subscription<T>(BusFacade bus, TopicFilters filters, SubscriptionOptions options) : SubscriptionCore(bus, filters, options), ISubscription<T>
{
    public override BusMessage Copy(PublishBatch batch, int index)
    {
        ref readonly var entry = ref batch[index];
        var body = batch.Body(index).ToArray();
        var replyTo = entry.HasReply ? Encoding.UTF8.GetString(batch.ReplyTo(index)) : null;
        return new BusMessage<T>(TopicText(batch.Topic(index)), replyTo, body.AsMemory(0, entry.HeaderLength), body.AsMemory(entry.HeaderLength), Bus, Bus.Codec);
    }

    public IAsyncEnumerator<BusMessage<T>> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        if (Handler is not null || Target is not null) throw new InvalidOperationException($"The subscription to '{Filters}' has a handler: its messages cannot be enumerated too.");
        return new MessageEnumerator<T>(this, open: null, cancellationToken);
    }
}

/// <summary>Subscribes when it is enumerated.</summary>
internal sealed class LazySubscription<T>(Func<CancellationToken, Task<Subscription<T>>> open, CancellationToken outer) : IAsyncEnumerable<BusMessage<T>>
{
    public IAsyncEnumerator<BusMessage<T>> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        var token = !outer.CanBeCanceled ? cancellationToken : outer;
        var linked = outer.CanBeCanceled && cancellationToken.CanBeCanceled && outer != cancellationToken ? CancellationTokenSource.CreateLinkedTokenSource(outer, cancellationToken) : null;
        return new MessageEnumerator<T>(subscription: null, open, linked?.Token ?? token, linked);
    }
}
