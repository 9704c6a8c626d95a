using Bus.Core.Messages;

namespace Bus.Core.Client;

/// <summary>Messages that are confirmed when they have been handled, with the result of the handler if it has one.</summary>
public static class DeliveryExtensions
{
    /// <summary>Delivers a message to one client by its name, and waits until its handler has done its work. Needs an IpcBus: a plain NATS server knows no names.</summary>
    /// <param name="bus">The bus.</param>
    /// <param name="name">The client's name. It handles what comes to its inbox (<see cref="NamedExtensions.OpenInboxAsync{T}(IBus, Func{BusMessage{T}, CancellationToken, ValueTask}, SubscriptionOptions?, CancellationToken)"/>).</param>
    /// <param name="payload">As with <see cref="IBus.PublishAsync{T}"/>.</param>
    /// <param name="options">What it is about, headers, timeout, whether to send it again. Default: none, that of the bus, no.</param>
    /// <param name="cancellationToken">Ends the wait; the message may be handled all the same.</param>
    /// <exception cref="ArgumentException">The name cannot be one.</exception>
    /// <exception cref="ClientAbsentException">Nobody has the name, or whoever has it has no inbox open. Thrown at once.</exception>
    /// <exception cref="RemoteErrorException">The handler failed, or says so.</exception>
    /// <exception cref="RequestTimeoutException">The handler was not done in time.</exception>
    /// <exception cref="ConnectionLostException">A connection, this one or the receiver's, was lost before the confirmation: whether it was handled is not known. Thrown at once.</exception>
    /// <exception cref="NotConnectedException">There was no connection within the timeout.</exception>
    public static Task DeliverAsync<T>(this IBus bus, string name, T payload, DeliverOptions? options = null, CancellationToken cancellationToken = default) =>
        DeliverMessageAsync<T, ReadOnlyMemory<byte>>(bus, name, payload, options, cancellationToken);

    /// <summary>As <see cref="DeliverAsync{T}"/>, with the result of the handler.</summary>
    /// <exception cref="PayloadFormatException">The result cannot be read as <typeparamref name="TResult"/>.</exception>
    public static async Task<TResult> DeliverAsync<T, TResult>(this IBus bus, string name, T payload, DeliverOptions? options = null, CancellationToken cancellationToken = default) =>
        (await DeliverMessageAsync<T, TResult>(bus, name, payload, options, cancellationToken)).Data;

    /// <summary>As <see cref="DeliverAsync{T}"/>, with the whole answer as the result.</summary>
    public static async Task<BusMessage<TResult>> DeliverMessageAsync<T, TResult>(this IBus bus, string name, T payload, DeliverOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(bus);
        options ??= new DeliverOptions();
        var topic = SystemTopics.DeliverTo(name, options.Topic);
        try
        {
            return await bus.RequestMessageAsync<T, TResult>(topic, payload, options.ToRequest(mark: false), cancellationToken);
        }
        catch (RemoteErrorException e) when (e is { IsOfBus: true, Error: ErrorHeaders.ClientAbsent or ErrorHeaders.InboxClosed })
        {
            throw new ClientAbsentException(name, e.Text, isConnected: e.Error == ErrorHeaders.InboxClosed);
        }
        catch (NoRespondersException)
        {
            throw new ClientAbsentException(name, "its inbox was closed, or too full, at this moment; or the server is no IpcBus, which knows no names.", isConnected: true);
        }
        catch (ResponderLostException e)
        {
            throw Lost($"'{name}' disconnected before it confirmed the message", options.Topic, e);
        }
    }

    /// <summary>
    /// Delivers a message to any one of those who handle a topic, and waits until the work is done. These are responders, and handlers in a queue group; a handler without a
    /// queue group looks on, and does not confirm.
    /// </summary>
    /// <param name="bus">The bus.</param>
    /// <param name="topic">Where to; no wildcards.</param>
    /// <param name="payload">As with <see cref="IBus.PublishAsync{T}"/>.</param>
    /// <param name="options">Headers, timeout, whether to send it again. A topic makes no sense here. Default: none, that of the bus, no.</param>
    /// <param name="cancellationToken">Ends the wait; the message may be handled all the same.</param>
    /// <exception cref="ArgumentException">The topic is not valid, or the options name another.</exception>
    /// <exception cref="NoRespondersException">Nobody subscribes. Thrown at once.</exception>
    /// <exception cref="RemoteErrorException">The handler failed, or says so.</exception>
    /// <exception cref="RequestTimeoutException">The handler was not done in time.</exception>
    /// <exception cref="ConnectionLostException">A connection, this one or the receiver's, was lost before the confirmation: whether it was handled is not known. Thrown at once.</exception>
    /// <exception cref="NotConnectedException">There was no connection within the timeout.</exception>
    public static Task DeliverToAnyAsync<T>(this IBus bus, string topic, T payload, DeliverOptions? options = null, CancellationToken cancellationToken = default) =>
        DeliverToAnyAsync<T, ReadOnlyMemory<byte>>(bus, topic, payload, options, cancellationToken);

    /// <summary>As <see cref="DeliverToAnyAsync{T}"/>, with the result of the handler.</summary>
    /// <exception cref="PayloadFormatException">The result cannot be read as <typeparamref name="TResult"/>.</exception>
    public static async Task<TResult> DeliverToAnyAsync<T, TResult>(this IBus bus, string topic, T payload, DeliverOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(bus);
        options ??= new DeliverOptions();
        if (options.Topic is { } other) throw new ArgumentException($"The message is delivered on '{topic}', so its options cannot name '{other}' too: leave {nameof(DeliverOptions)}.{nameof(options.Topic)} out.", nameof(options));
        try
        {
            return (await bus.RequestMessageAsync<T, TResult>(topic, payload, options.ToRequest(mark: true), cancellationToken)).Data;
        }
        catch (ResponderLostException e)
        {
            throw Lost($"Whoever had the message on '{topic}' disconnected before it was confirmed", topic, e);
        }
    }

    private static ConnectionLostException Lost(string what, string? topic, ResponderLostException cause) =>
        new($"{what}: whether it was handled is not known. Deliver it again if that does no harm.", topic, cause);
}
