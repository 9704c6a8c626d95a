namespace Bus.Core.Client;

/// <summary>
/// A message bus: publish and subscribe by topic, and request and response. The bus inside a process and the client of a
/// bus daemon both implement it, so code written against it does not know which of the two it has. All members are
/// thread-safe. Disposing it ends every subscription, fails the requests that wait, and sends what was published before.
/// </summary>
/// <remarks>
/// The messages of one publisher reach one subscription in the order in which they were published. Different filters, and
/// so different subscriptions, have no common order.
/// </remarks>
public interface IBus : IAsyncDisposable
{
    /// <summary>The name of this participant: nobody else on the bus has it. Chosen in the options, or generated.</summary>
    string Name { get; }

    /// <summary>Whether the bus can be reached now. In process <see cref="BusState.Connected"/> until it is drained or closed.</summary>
    BusState State { get; }

    /// <summary>The largest message that may be published, headers and payload, in bytes. Of a client: what the bus allowed when it last connected.</summary>
    int MaxPayload { get; }

    /// <summary>
    /// Messages that were published without a connection and dropped, because too many waited for one or they waited for too long.
    /// Each is raised as a <see cref="BusNoticeKind.MessageDropped"/> too. Always zero in process.
    /// </summary>
    long DroppedMessages { get; }

    /// <summary>
    /// Messages that the bus did not publish, because their topic does not take them (<see cref="TopicPolicy"/>) and nobody waited for an answer. Each is raised as a
    /// <see cref="BusNoticeKind.NotPublished"/> too. What was published before <see cref="FlushAsync"/> is in it when that completes.
    /// </summary>
    long RefusedMessages { get; }

    /// <summary>Raised after <see cref="State"/> changed, one change at a time, on a pool thread.</summary>
    event EventHandler<BusStateChangedEventArgs>? StateChanged;

    /// <summary>Raised for what no call can report: a reply that came too late, an error line of the server. On a pool thread.</summary>
    event EventHandler<BusNoticeEventArgs>? Noticed;

    /// <summary>
    /// Publishes a message. Completes when the bus has taken it, not when somebody received it: for that, send a request.
    /// Waits while subscribers are too slow for what was published so far (back-pressure), or fails if the options say so.
    /// </summary>
    /// <param name="topic">Where to, such as <c>orders.created</c>; no wildcards.</param>
    /// <param name="payload">Bytes (<c>byte[]</c>, <c>ReadOnlyMemory&lt;byte&gt;</c>) and <c>string</c> are sent as they are, anything else by the bus's serializer.</param>
    /// <param name="options">Headers and reply-to. Default: none.</param>
    /// <param name="cancellationToken">Ends the wait for room; a message that was taken is not recalled.</param>
    /// <exception cref="ArgumentException">The topic is not valid.</exception>
    /// <exception cref="PayloadTooLargeException">Headers and payload are larger than the bus allows.</exception>
    /// <exception cref="BackPressureException">There is no room, and <see cref="PublishOptions.WhenFull"/> says not to wait.</exception>
    /// <exception cref="NotConnectedException">The connection is down and the queue for that time is full.</exception>
    /// <exception cref="BusClosedException">The bus is closed.</exception>
    ValueTask PublishAsync<T>(string topic, T payload, PublishOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// Publishes a message, in order with the others of this bus, and waits until the bus confirms that it was handed to its subscriptions, and to how many.
    /// That nobody subscribes is no error. It does not wait until they have handled it: for that, send a request.
    /// </summary>
    /// <remarks>
    /// A connection that dies, or a broker that is killed, right after the confirmation may still lose the message. If the call fails,
    /// the message may or may not have been published.
    /// </remarks>
    /// <param name="topic">Where to; no wildcards.</param>
    /// <param name="payload">As with <see cref="PublishAsync{T}"/>.</param>
    /// <param name="options">Headers. A reply-to is not possible, for the confirmation takes its place.</param>
    /// <param name="timeout">How long to wait for the confirmation. Default: 5 seconds.</param>
    /// <param name="cancellationToken">Ends the wait; a message that was sent is not recalled.</param>
    /// <exception cref="ArgumentException">The topic is not valid, or a reply-to is given.</exception>
    /// <exception cref="PayloadTooLargeException">Headers and payload are larger than the bus allows.</exception>
    /// <exception cref="RequestTimeoutException">No confirmation came in time.</exception>
    /// <exception cref="BusRefusedException">The server is no IpcBus and confirms nothing.</exception>
    /// <exception cref="BusDisconnectedException">The connection is down, or went down while waiting.</exception>
    Task<PublishReceipt> PublishConfirmedAsync<T>(string topic, T payload, PublishOptions? options = null, TimeSpan? timeout = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// Subscribes when the enumeration starts, and unsubscribes when it ends. For a subscription that is known to be active
    /// before the next statement runs, use <see cref="OpenSubscriptionAsync{T}(TopicFilters, SubscriptionOptions?, CancellationToken)"/>.
    /// </summary>
    /// <param name="filters">One filter, such as <c>orders.*</c>, or several in brackets.</param>
    /// <param name="options">Queue group, maximum of messages, buffer. Default: every message, for ever.</param>
    /// <param name="cancellationToken">Ends the enumeration with an <see cref="OperationCanceledException"/>.</param>
    IAsyncEnumerable<BusMessage<T>> SubscribeAsync<T>(TopicFilters filters, SubscriptionOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// Subscribes. When the task completes, the bus has acknowledged it: what is published from then on arrives. Of several filters all are active then; if the bus refuses
    /// one of them, none stays.
    /// </summary>
    /// <returns>The subscription; enumerate it for its messages.</returns>
    /// <exception cref="ArgumentException">A filter belongs to the bus.</exception>
    /// <exception cref="BusRefusedException">The bus refuses a filter: its topic is not declared, or has as many subscribers as it may.</exception>
    /// <exception cref="BusDisconnectedException">The bus did not acknowledge it in time.</exception>
    /// <exception cref="BusClosedException">The bus is closed.</exception>
    Task<ISubscription<T>> OpenSubscriptionAsync<T>(TopicFilters filters, SubscriptionOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// Subscribes with a handler that is called for one message at a time. A handler that throws is supervised: what happens
    /// then is <see cref="SubscriptionOptions.OnFailure"/>; by default it is restarted and the next message reaches it.
    /// </summary>
    /// <param name="filters">One filter, such as <c>orders.*</c>, or several in brackets.</param>
    /// <param name="handler">Its token is cancelled when the subscription ends.</param>
    /// <param name="options">Queue group, maximum of messages, buffer, failure policy.</param>
    /// <param name="cancellationToken">Ends the wait for the acknowledgement, not the subscription.</param>
    Task<ISubscription> OpenSubscriptionAsync<T>(TopicFilters filters, Func<BusMessage<T>, CancellationToken, ValueTask> handler, SubscriptionOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// Subscribes an actor: each message is told to it as a <see cref="BusMessage{T}"/>. Ends when the actor stops. A mailbox
    /// has no limit, so an actor exerts no back-pressure.
    /// </summary>
    /// <remarks>
    /// The sender of a request takes the reply, as with Ask: the actor tells it a value, or a <see cref="Status.Failure"/>, which
    /// becomes a <see cref="RemoteErrorException"/> at the requester. It may as well forward the message to another actor, or
    /// keep it and call <see cref="BusMessage.ReplyAsync"/>, which it has to if it takes longer than 10 minutes. If it stops
    /// instead, the requests that it had fail at once. A payload that cannot be read throws where <see cref="BusMessage{T}.Data"/>
    /// is read: in the actor, whose supervision decides.
    /// </remarks>
    Task<ISubscription> OpenSubscriptionAsync<T>(TopicFilters filters, IActorRef actor, SubscriptionOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Sends a request and waits for one reply. Never waits for ever.</summary>
    /// <param name="topic">Where to; no wildcards.</param>
    /// <param name="request">The payload, as with <see cref="PublishAsync{T}"/>.</param>
    /// <param name="timeout">How long to wait for the reply. Default: 5 seconds.</param>
    /// <param name="cancellationToken">Gives the request up; a late reply is ignored.</param>
    /// <exception cref="NoRespondersException">Nobody responds on this topic. Thrown at once.</exception>
    /// <exception cref="RequestTimeoutException">No reply came in time.</exception>
    /// <exception cref="ResponderLostException">The responder's connection closed before it replied. Thrown at once.</exception>
    /// <exception cref="RemoteErrorException">The responder answered with an error.</exception>
    /// <exception cref="ConnectionLostException">The connection broke while waiting. Thrown at once.</exception>
    /// <exception cref="NotConnectedException">There was no connection within the timeout; with <see cref="RequestOptions.FailFast"/> thrown at once.</exception>
    Task<TResponse> RequestAsync<TRequest, TResponse>(string topic, TRequest request, TimeSpan? timeout = null, CancellationToken cancellationToken = default);

    /// <summary>As <see cref="RequestAsync{TRequest, TResponse}"/>, with request headers, and the whole reply as the result.</summary>
    Task<BusMessage<TResponse>> RequestMessageAsync<TRequest, TResponse>(string topic, TRequest request, RequestOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// Responds to requests, one at a time: what the handler returns is the reply. If it throws, the requester's call fails at
    /// once with a <see cref="RemoteErrorException"/>; throw one yourself to choose code and text. Other exceptions also count
    /// as failures of the handler (<see cref="SubscriptionOptions.OnFailure"/>).
    /// </summary>
    /// <param name="topic">A topic, or a filter to respond on many.</param>
    /// <param name="handler">Gets the request, the message that it came in, and a token that is cancelled when the subscription ends.</param>
    /// <param name="options">Set <see cref="SubscriptionOptions.Queue"/> to share the work among several responders.</param>
    /// <param name="cancellationToken">Ends the wait for the acknowledgement, not the subscription.</param>
    Task<ISubscription> RespondAsync<TRequest, TResponse>(TopicFilters topic, Func<TRequest, BusMessage<TRequest>, CancellationToken, ValueTask<TResponse>> handler, SubscriptionOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// Gives an actor reference for a topic. Tell publishes; Ask sends a request, and its answer is the reply as a
    /// <typeparamref name="TReply"/>, or one of the exceptions of <see cref="RequestAsync{TRequest, TResponse}"/>.
    /// </summary>
    /// <remarks>
    /// Messages are sent by their run-time type, in the order of the mailbox; one that waits for room (back-pressure) holds
    /// up those behind it, but no thread. A message is a request if its sender is the temporary reference of an Ask, also when
    /// an actor forwards it; with any other sender it is published. What cannot be published is logged and raised as
    /// <see cref="Noticed"/>. A <see cref="BusMessage"/> is passed on as it is, so the reference can itself subscribe to
    /// another topic. The reference can be watched and stopped like an actor; it stops when the bus closes, and what
    /// was asked of it by then fails at once.
    /// </remarks>
    /// <typeparam name="TReply">What replies are read as; <see cref="BusMessage{T}"/> for the whole reply, with its headers. Ask for exactly this type: an Ask for object gets failures as results.</typeparam>
    /// <param name="topic">Where to; no wildcards.</param>
    /// <param name="options">Timeout of requests, headers. Default: that of the bus, none.</param>
    /// <exception cref="ArgumentException">The topic is not valid, or the timeout makes no sense.</exception>
    /// <exception cref="BusClosedException">The bus is closed.</exception>
    IActorRef OpenTopicRef<TReply>(string topic, TopicRefOptions? options = null);

    /// <summary>
    /// A round trip through the bus: when it completes, everything published before has been handed to its subscriptions, and
    /// every subscription made before is active. Waits for the first connection, but not for one that was lost: with that, what
    /// was published before may be lost too.
    /// </summary>
    /// <exception cref="BusDisconnectedException">The connection is down, or went down while waiting.</exception>
    Task FlushAsync(CancellationToken cancellationToken = default);

    /// <summary>Measures a round trip to the bus.</summary>
    /// <exception cref="BusDisconnectedException">The connection is down, or went down while waiting.</exception>
    Task<TimeSpan> PingAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Closes in good order: stops the intake of every subscription, lets what has arrived be handled, waits for the replies to the requests that are under way, sends what
    /// is left, then closes. Disposing without it drops what is buffered, and fails those requests.
    /// </summary>
    /// <param name="cancellationToken">Ends the wait for handlers and replies; the bus is closed all the same. <see cref="BusExtensions.CloseAsync"/> has a time limit instead.</param>
    /// <exception cref="BusClosedException">It was cut short by <see cref="AbortAsync"/>.</exception>
    Task DrainAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Closes at once: every call that waits fails with a <see cref="BusClosedException"/>, what is buffered or not yet sent is dropped, handlers that run are asked to stop and not waited for. To
    /// others it looks as if this client had died: its last will is published. It also cuts short a <see cref="DrainAsync"/> that is under way.
    /// </summary>
    /// <param name="reason">Why, for whoever gets the exceptions and <see cref="StateChanged"/>. Default: no reason.</param>
    ValueTask AbortAsync(string? reason = null);
}
