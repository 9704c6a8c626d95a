using Bus.Core.Messages;

namespace Bus.Core.Client;

/// <summary>Messages to one client by its name, and to all. Needs an IpcBus: a plain NATS server knows no names.</summary>
public static class NamedExtensions
{
    /// <summary>Sends a message to one client. Completes when the bus has passed it on to the client's inbox; <see cref="DeliveryExtensions.DeliverAsync{T}"/> waits until it is handled.</summary>
    /// <param name="bus">The bus.</param>
    /// <param name="name">The client's name.</param>
    /// <param name="payload">As with <see cref="IBus.PublishAsync{T}"/>.</param>
    /// <param name="options">What it is about, headers. Default: none.</param>
    /// <param name="cancellationToken">Ends the wait; the message may have been sent.</param>
    /// <exception cref="ArgumentException">The name cannot be one.</exception>
    /// <exception cref="ClientAbsentException">Nobody has the name, or whoever has it has no inbox open. Thrown at once.</exception>
    /// <exception cref="BusDisconnectedException">The connection is down, or went down while waiting.</exception>
    public static async Task SendAsync<T>(this IBus bus, string name, T payload, SendOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(bus);
        options ??= new SendOptions();
        try
        {
            await bus.RequestMessageAsync<T, byte[]>(SystemTopics.SendTo(name, options.Topic), payload, new RequestOptions { Headers = options.Headers, Timeout = options.Timeout }, cancellationToken);
        }
        catch (RemoteErrorException e) when (e is { IsOfBus: true, Error: ErrorHeaders.ClientAbsent or ErrorHeaders.InboxClosed })
        {
            throw new ClientAbsentException(name, e.Text, isConnected: e.Error == ErrorHeaders.InboxClosed);
        }
    }

    /// <summary>Publishes a message to every client that has its inbox open. It arrives on <c>$BUS.ALL.topic</c>, in order with what this client publishes otherwise.</summary>
    /// <param name="bus">The bus.</param>
    /// <param name="topic">What it is about; no wildcards.</param>
    /// <param name="payload">As with <see cref="IBus.PublishAsync{T}"/>.</param>
    /// <param name="options">Who does not get it. Default: everybody gets it, the sender too.</param>
    /// <param name="cancellationToken">Ends the wait for room.</param>
    /// <exception cref="ArgumentException">The topic is not valid, or a name in the options cannot be one.</exception>
    public static ValueTask BroadcastAsync<T>(this IBus bus, string topic, T payload, BroadcastOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(bus);
        return bus.PublishAsync(SystemTopics.BroadcastOf(topic), payload, new PublishOptions { Headers = HeadersOf(bus, options) }, cancellationToken);
    }

    /// <summary>
    /// Opens this client's inbox: what is sent to it by name, and every broadcast, one at a time. <see cref="BusMessage.Topic"/> tells which it is, and
    /// <see cref="SenderName"/> who sent it. A sender that waits until its message is handled (<see cref="DeliveryExtensions.DeliverAsync{T}"/>) hears of it when the handler
    /// is done, or has failed; the handler may answer earlier, and otherwise, with <see cref="BusMessage.ReplyAsync"/>.
    /// </summary>
    /// <param name="bus">The bus.</param>
    /// <param name="handler">Its token is cancelled when the inbox is closed.</param>
    /// <param name="options">Buffer, failure policy. An inbox is nobody else's: no queue group.</param>
    /// <param name="cancellationToken">Ends the wait for the acknowledgement.</param>
    /// <returns>The open inbox: what is sent from now on arrives.</returns>
    public static Task<ISubscription> OpenInboxAsync<T>(this IBus bus, Func<BusMessage<T>, CancellationToken, ValueTask> handler, SubscriptionOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(bus);
        return bus.OpenSubscriptionAsync(new TopicFilters(SystemTopics.InboxFilters(bus.Name)), handler, options, cancellationToken);
    }

    /// <summary>
    /// As <see cref="OpenInboxAsync{T}(IBus, Func{BusMessage{T}, CancellationToken, ValueTask}, SubscriptionOptions?, CancellationToken)"/>, to be enumerated. Whoever does
    /// calls <see cref="BusMessage.ConfirmAsync"/> when a message is handled.
    /// </summary>
    public static Task<ISubscription<T>> OpenInboxAsync<T>(this IBus bus, SubscriptionOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(bus);
        return bus.OpenSubscriptionAsync<T>(new TopicFilters(SystemTopics.InboxFilters(bus.Name)), options, cancellationToken);
    }

    /// <summary>
    /// As <see cref="OpenInboxAsync{T}(IBus, Func{BusMessage{T}, CancellationToken, ValueTask}, SubscriptionOptions?, CancellationToken)"/>, for a handler with a result, which
    /// the sender gets if it waits for one.
    /// </summary>
    public static Task<ISubscription> OpenInboxAsync<T, TResult>(this IBus bus, Func<BusMessage<T>, CancellationToken, ValueTask<TResult>> handler, SubscriptionOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(bus);
        ArgumentNullException.ThrowIfNull(handler);
        return bus.RespondAsync<T, TResult>(new TopicFilters(SystemTopics.InboxFilters(bus.Name)), (_, message, token) => handler(message, token), options, cancellationToken);
    }

    /// <summary>The name of the client that sent a message to this one, as the bus knows it (<see cref="SendAsync"/>). Null: it was published in another way.</summary>
    public static string? SenderName(this BusMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        return message.Headers[SystemHeaders.From];
    }

    private static BusHeaders? HeadersOf(IBus bus, BroadcastOptions? options)
    {
        if (options is null) return null;
        string[] except = [.. options.Except.Select(SystemTopics.ValidateName), .. options.ExceptSelf ? [bus.Name] : Array.Empty<string>()];
        if (except.Length == 0) return options.Headers;
        var headers = new BusHeaders();
        foreach (var (name, value) in options.Headers ?? []) headers.Add(name, value);
        headers[SystemHeaders.Except] = string.Join(',', except);
        return headers;
    }
}
