using Bus.Core.Messages;

namespace Bus.Core.Routing;

/// <summary>
/// Messages that the bus itself sends to a reply-to: nobody is there, or the one who had the request is gone. They go the
/// same way as any other message, through the topic actor of the inbox.
/// </summary>
internal static class StatusMessage
{
    private static ReadOnlySpan<byte> NoRespondersBlock => "NATS/1.0 503\r\n\r\n"u8;

    private static ReadOnlySpan<byte> ResponderLostBlock => "NATS/1.0 503\r\nBus-Error: responder-lost\r\n\r\n"u8;

    /// <summary>Nobody was reached. Only the requester itself gets it, as with nats-server.</summary>
    public static void NoResponders(Router router, IBatchProducer producer, ReadOnlySpan<byte> replyTo, Action<TopicRoute>? told = null) =>
        Send(router, producer, replyTo, NoRespondersBlock, onlyOrigin: true, told);

    /// <summary>The responder's connection closed before it answered.</summary>
    public static void ResponderLost(Router router, IBatchProducer producer, ReadOnlySpan<byte> replyTo) =>
        Send(router, producer, replyTo, ResponderLostBlock, onlyOrigin: false, told: null);

    /// <summary>Answers the producer of a message itself.</summary>
    public static void Answer(Router router, IBatchProducer producer, ReadOnlySpan<byte> replyTo, ReadOnlySpan<byte> headers, ReadOnlySpan<byte> payload, Action<TopicRoute>? told = null) =>
        Send(router, producer, replyTo, headers, onlyOrigin: true, told, payload);

    /// <summary>
    /// Drops a delivery, or what is left of it, whose recipient is gone. Whoever got requests alone owes the requesters an
    /// answer: they hear that nobody responds.
    /// </summary>
    public static void Refuse(Router router, Delivery delivery, int from = 0)
    {
        if (delivery.IsSole && delivery.Batch.HasReplies)
        {
            for (var n = from; n < delivery.Count; n++) RefuseOne(router, delivery, delivery[n]);
        }

        delivery.Dispose();
    }

    /// <summary>Drops the message with this index of the batch; the rest of the delivery stays.</summary>
    public static void RefuseOne(Router router, Delivery delivery, int index)
    {
        if (Requester(delivery, index) is { } requester) Refuse(router, requester, delivery.Batch.ReplyTo(index));
    }

    /// <summary>Drops a request.</summary>
    /// <param name="router">Where the requester is.</param>
    /// <param name="requester">Who is to hear of it.</param>
    /// <param name="replyTo">Where the answer is expected.</param>
    public static void Refuse(Router router, IBatchProducer requester, ReadOnlySpan<byte> replyTo)
    {
        if (requester is IRequestRefuser elsewhere) elsewhere.Refuse(replyTo);
        else NoResponders(router, requester, replyTo);
    }

    /// <summary>Who is to hear of it if the message with this index of the batch is dropped. Null: nobody waits, or others have it too.</summary>
    public static IBatchProducer? Requester(Delivery delivery, int index)
    {
        ref readonly var entry = ref delivery.Batch[index];
        return delivery.IsSole && entry is { HasReply: true, Shared: null } && delivery.Batch.Producer.WantsNoResponders ? delivery.Batch.Producer : null;
    }

    /// <summary>The client that alone had a request does not take it.</summary>
    public static void Declined(Router router, IBatchProducer responder, ReadOnlySpan<byte> replyTo) =>
        Send(router, responder, replyTo, NoRespondersBlock, onlyOrigin: false, told: null);

    private static void Send(Router router, IBatchProducer producer, ReadOnlySpan<byte> topic, ReadOnlySpan<byte> headers, bool onlyOrigin, Action<TopicRoute>? told, ReadOnlySpan<byte> payload = default)
    {
        var routes = router.Match(topic);
        if (routes.Count == 0) return;
        var slab = producer.Slabs.Rent(topic.Length + headers.Length + payload.Length);
        topic.CopyTo(slab.Bytes);
        headers.CopyTo(slab.Bytes.AsSpan(topic.Length));
        payload.CopyTo(slab.Bytes.AsSpan(topic.Length + headers.Length));
        var entry = new BatchEntry { TopicLength = topic.Length, BodyOffset = topic.Length, BodyLength = headers.Length + payload.Length, HeaderLength = headers.Length };
        foreach (var route in routes)
        {
            var batch = PublishBatch.Rent(slab, producer);
            batch.OnlyOrigin = onlyOrigin;
            batch.Add(entry);
            producer.Sent(batch.Weight);
            told?.Invoke(route);
            route.Topic.Tell(batch, ActorRefs.NoSender);
        }

        slab.Release();
    }
}
