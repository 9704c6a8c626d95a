using Bus.Core.Client;

namespace Bus.Core.Endpoint;

/// <summary>What a facade publishes on its way out: at once, when there is room, or kept until there is a connection. Thread-safe.</summary>
internal sealed class FacadePublishing(BusFacade bus, Outbox outbox, EndpointLink link, TimeProvider time)
{
    private bool IsKept => !link.IsReachable && link.State != BusState.Closed && link.Offline is { Refuses: true };

    public ValueTask PublishAsync(string topic, OutgoingMessage message, PublishOptions? options, CancellationToken cancellationToken)
    {
        if (IsKept) return KeepAsync(topic, message);
        if (link.ExemptsConsumers && ConsumerContext.Current?.Bus == bus) link.Window.Enter(message.Weight);
        else if (!link.Window.TryEnter(message.Weight)) return options is { WhenFull: PublishOverflow.Fail } ? RefuseAsync(topic, message) : PublishWhenThereIsRoomAsync(topic, message, cancellationToken);
        outbox.Publish(message);
        return default;
    }

    private ValueTask RefuseAsync(string topic, OutgoingMessage message)
    {
        message.Return();
        return ValueTask.FromException(new BackPressureException(topic, link.Window.Limit));
    }

    private async ValueTask PublishWhenThereIsRoomAsync(string topic, OutgoingMessage message, CancellationToken cancellationToken)
    {
        try
        {
            await link.Window.EnterAsync(message.Weight, cancellationToken);
        }
        catch (BusDisconnectedException) when (IsKept)
        {
            await KeepAsync(topic, message);
            return;
        }
        catch
        {
            message.Return();
            throw;
        }

        outbox.Publish(message);
    }

    /// <summary>There is no connection: told by itself, so that the caller hears at once whether there is room for it.</summary>
    private ValueTask KeepAsync(string topic, OutgoingMessage message)
    {
        var budget = link.Offline!;
        var isKept = budget.TryReserve(message.Weight);
        if (isKept) outbox.Tell(new OfflineMessage(message.Bytes, message.TopicLength, message.ReplyLength, message.HeaderLength, time.GetTimestamp(), budget));
        message.Return();
        return isKept ? default : throw budget.Full(topic);
    }
}
