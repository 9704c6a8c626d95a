using Bus.Core.Caching;
using Bus.Core.Client;
using Bus.Core.Messages;
using Microsoft.Extensions.Logging;

namespace Bus.Core.Endpoint;

/// <summary>
/// The one implementation of <see cref="IBus"/>: checks and serializes in the caller's thread, then talks to an endpoint
/// actor, which is the bus of this process or a connection to another.
/// </summary>
internal sealed class BusFacade : IBus, ISurveyor
{
    private static readonly TimeSpan RoundTripTimeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan FirstTripTimeout = TimeSpan.FromDays(1);

    private readonly IActorRef _endpoint;
    private readonly EndpointLink _link;
    private readonly TimeProvider _time;
    private readonly SubscriptionSet _subscriptions = new();
    private readonly OutgoingMessages _messages;
    private readonly Outbox _outbox;
    private readonly FacadePublishing _publishing;
    private readonly FacadeRequests _requests;
    private readonly FacadeConfirms _confirms;
    private readonly TopicRefs _refs;
    private readonly FacadeClosing _closing;

    /// <param name="system">Where the endpoint lives, and the references to topics will.</param>
    /// <param name="endpoint">Understands the commands of Commands.cs.</param>
    /// <param name="link">Shared with the endpoint.</param>
    /// <param name="codec">For payloads that are neither bytes nor text.</param>
    /// <param name="time">The clock.</param>
    /// <param name="closed">Called when the endpoint has stopped.</param>
    /// <param name="closeTimeout">How long closing waits for a handler that does not end. Default: 10 seconds.</param>
    public BusFacade(ActorSystem system, IActorRef endpoint, EndpointLink link, PayloadCodec codec, TimeProvider time, Func<Task>? closed = null, TimeSpan? closeTimeout = null)
    {
        (_endpoint, _link, Codec, _time) = (endpoint, link, codec, time);
        _messages = new OutgoingMessages(link, codec);
        _outbox = new Outbox(endpoint, link);
        _publishing = new FacadePublishing(this, _outbox, link, time);
        _requests = new FacadeRequests(_outbox, link);
        _confirms = new FacadeConfirms(_messages, _requests);
        Cache = new ResponseCache(link.MaxCachedBytes, time);
        _refs = new TopicRefs(system);
        _closing = new FacadeClosing(this, endpoint, _outbox, link, _refs, closed, closeTimeout);
        link.StateListeners = () => StateChanged is { } handlers ? change => handlers(this, change) : null;
        link.Noticed = notice => Noticed?.Invoke(this, notice);
    }

    public event EventHandler<BusStateChangedEventArgs>? StateChanged;

    public event EventHandler<BusNoticeEventArgs>? Noticed;

    public PayloadCodec Codec { get; }

    public ILogger Log => _link.Log;

    /// <summary>What has to come to an end before it is drained.</summary>
    public DrainHooks Draining { get; } = new();

    /// <summary>Answers to calls that may take those of earlier ones.</summary>
    public ResponseCache Cache { get; }

    public TimeProvider Time => _time;

    /// <summary>Its sockets. Null, the usual case: there is one.</summary>
    public Lanes? Lanes { get; set; }

    /// <summary>Those who answer its surveys too late.</summary>
    public LateAnswers LateAnswers { get; } = new();

    public string Name => _link.Name;

    public BusState State => _link.State;

    public int MaxPayload => _link.MaxPayload;

    /// <summary>How long to wait for a reply, unless a call says it.</summary>
    public TimeSpan RequestTimeout => _link.RequestTimeout;

    /// <summary>Whether there is a connection.</summary>
    public bool IsReachable => _link.IsReachable;

    public long DroppedMessages => _link.DroppedMessages + (Lanes?.DroppedMessages ?? 0);

    public long RefusedMessages => _link.RefusedMessages + (Lanes?.RefusedMessages ?? 0);

    /// <summary>How often the connection was lost.</summary>
    public long Losses => _link.Losses;

    /// <summary>Bytes that were published, and have not been sent yet.</summary>
    public long PendingBytes => _link.Window.Count;

    private IEnumerable<BusFacade> Sockets => Lanes?.Open ?? [this];

    public ValueTask PublishAsync<T>(string topic, T payload, PublishOptions? options = null, CancellationToken cancellationToken = default)
    {
        if (LaneOf(topic) is { } lane) return lane.PublishAsync(topic, payload, options, cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        // Whether there is room for the value is only known when the bus has it.
        if (options is { Retain: true }) return new ValueTask(ConfirmAsync(topic, payload, options, _link.RequestTimeout, cancellationToken));
        var replyTo = options?.ReplyTo is { } reply ? SystemTopics.ValidateTopic(reply) : null;
        _closing.ThrowIfClosed(topic);
        var message = _messages.Build(topic, replyTo, options?.Headers, isRequest: false, payload, options?.ReplyFormat);
        return _publishing.PublishAsync(topic, message, options, cancellationToken);
    }

    public Task<PublishReceipt> PublishConfirmedAsync<T>(string topic, T payload, PublishOptions? options = null, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        var wait = FacadeRequests.CheckTimeout(timeout ?? _link.RequestTimeout, topic);
        return (LaneOf(topic) ?? this).ConfirmAsync(topic, payload, options, wait, cancellationToken);
    }

    public IAsyncEnumerable<BusMessage<T>> SubscribeAsync<T>(TopicFilters filters, SubscriptionOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(filters);
        OptionChecks.CheckWithoutHandler(options);
        return new LazySubscription<T>(async token => (Subscription<T>)await OpenAsync(new Subscription<T>(this, filters, options ?? new SubscriptionOptions()), token), cancellationToken);
    }

    public async Task<ISubscription<T>> OpenSubscriptionAsync<T>(TopicFilters filters, SubscriptionOptions? options = null, CancellationToken cancellationToken = default) =>
        (Subscription<T>)await OpenAsync(new Subscription<T>(this, Required(filters), OptionChecks.CheckWithoutHandler(options)), cancellationToken);

    public async Task<ISubscription> OpenSubscriptionAsync<T>(TopicFilters filters, Func<BusMessage<T>, CancellationToken, ValueTask> handler, SubscriptionOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(handler);
        options = OptionChecks.Check(options);
        // One of a group, or the only one who gets it: a message of which others get theirs too is not confirmed by each.
        var confirms = options.Queue is not null || SystemTopics.IsInbox(Required(filters));
        if (options.Use.Count > 0) handler = Middlewares.Around(options.Use, handler, confirms);
        if (confirms) handler = new ConfirmingHandler<T>(handler, Answered(options), options, Codec).HandleAsync;
        return await OpenAsync(new Subscription<T>(this, Required(filters), options) { Handler = (message, token) => handler((BusMessage<T>)message, token) }, cancellationToken);
    }

    public async Task<ISubscription> OpenSubscriptionAsync<T>(TopicFilters filters, IActorRef actor, SubscriptionOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(actor);
        return await OpenAsync(new Subscription<T>(this, Required(filters), OptionChecks.CheckWithoutHandler(options)) { Target = actor }, cancellationToken);
    }

    public async Task<TResponse> RequestAsync<TRequest, TResponse>(string topic, TRequest request, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        var reply = await RequestMessageAsync<TRequest, TResponse>(topic, request, timeout is { } given ? new RequestOptions { Timeout = given } : null, cancellationToken);
        return reply.Data;
    }

    public async Task<BusMessage<TResponse>> RequestMessageAsync<TRequest, TResponse>(string topic, TRequest request, RequestOptions? options = null, CancellationToken cancellationToken = default)
    {
        if (LaneOf(topic) is { } lane) return await lane.RequestMessageAsync<TRequest, TResponse>(topic, request, options, cancellationToken);
        var timeout = FacadeRequests.CheckTimeout(options?.Timeout ?? _link.RequestTimeout, topic);
        cancellationToken.ThrowIfCancellationRequested();
        _closing.ThrowIfClosed(topic);
        var flow = CallFlow.Of(options, timeout, topic, Name, _time);
        var headers = options is { SafeToRetry: true } ? MessageId.Mark(flow.Headers) : flow.Headers;
        var message = _messages.Build(topic, replyTo: null, headers, isRequest: true, request);
        var received = await _requests.AskAsync(topic, message, flow, options, cancellationToken);
        var reply = new BusMessage<TResponse>(received.Topic, received.ReplyTo, received.Body.AsMemory(0, received.HeaderLength), received.Body.AsMemory(received.HeaderLength), this, Codec);
        return ErrorReplies.Read(reply, topic) is { } error ? throw TopicErrors.OfMessage(topic, error) ?? CallErrors.Of(topic, error, flow) ?? error : reply;
    }

    public async Task<ISubscription> RespondAsync<TRequest, TResponse>(TopicFilters topic, Func<TRequest, BusMessage<TRequest>, CancellationToken, ValueTask<TResponse>> handler, SubscriptionOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(handler);
        options = OptionChecks.Check(options);
        var use = options.Use;
        var responder = new Responder<TRequest, TResponse>(
            (message, token) => use.Count == 0 ? handler(message.Data, message, token) : Middlewares.AnswerAsync(use, message, () => handler(message.Data, message, token), token), Answered(options), options, Codec);
        return await OpenAsync(new Subscription<TRequest>(this, Required(topic), options) { Handler = (message, token) => responder.HandleAsync((BusMessage<TRequest>)message, token) }, cancellationToken);
    }

    public IActorRef OpenTopicRef<TReply>(string topic, TopicRefOptions? options = null)
    {
        _closing.ThrowIfClosed(topic);
        return _refs.Open(new TopicRefSetup(this, SystemTopics.ValidateTopic(topic), OptionChecks.Check(options, topic), TopicReplies.Of<TReply>(), _endpoint, _link, _refs));
    }

    public async Task FlushAsync(CancellationToken cancellationToken = default)
    {
        _closing.ThrowIfClosed(topic: null);
        await Task.WhenAll(Sockets.Select(socket => socket.RoundTripAsync(cancellationToken)));
    }

    public async Task<TimeSpan> PingAsync(CancellationToken cancellationToken = default)
    {
        var start = _time.GetTimestamp();
        _closing.ThrowIfClosed(topic: null);
        await RoundTripAsync(cancellationToken);
        return _time.GetElapsedTime(start);
    }

    public async Task DrainAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            _link.ChangeState(BusState.Draining);
            await Draining.DrainAsync(cancellationToken);
            await Task.WhenAll(_subscriptions.All().Select(s => s.DrainAsync(cancellationToken)));
            await _refs.DrainAsync(cancellationToken);
            await IdleAsync(cancellationToken);
            _closing.ThrowIfAborted();
            await Task.WhenAll(Sockets.Where(socket => socket.IsReachable).Select(socket => socket.RoundTripAsync(cancellationToken)));
        }
        finally
        {
            await DisposeAsync();
        }
    }

    /// <summary>Waits for the answers that are under way.</summary>
    public async Task IdleAsync(CancellationToken cancellationToken)
    {
        await _requests.IdleAsync(cancellationToken);
        if (Lanes is not null) await Lanes.IdleAsync(cancellationToken);
    }

    public ValueTask AbortAsync(string? reason = null) => _closing.AbortAsync(reason);

    public ValueTask DisposeAsync() => _closing.CloseAsync();

    /// <summary>Fails the requests, and those that come: the bus is about to close.</summary>
    public Task EndRequestsAsync() => _closing.EndRequestsAsync();

    /// <summary>Connects, if that waits for the first use.</summary>
    public void Wake() => _outbox.Tell(WakeCommand.Instance);

    /// <exception cref="BusClosedException">It is closed.</exception>
    public void ThrowIfClosed(string? topic) => _closing.ThrowIfClosed(topic);

    /// <summary>Ends a subscription.</summary>
    public void Close(SubscriptionCore subscription, bool drain) => _outbox.Tell(new CloseSubscription(subscription, drain));

    /// <summary>Raises <see cref="Noticed"/>.</summary>
    public void Notice(BusNoticeKind kind, string text, string topic, long count) => _link.Notice(kind, text, topic, count);

    private async Task<SubscriptionCore> OpenAsync(SubscriptionCore subscription, CancellationToken cancellationToken)
    {
        _closing.ThrowIfClosed(subscription.Filters[0]);
        foreach (var filter in subscription.Filters) SystemTopics.ValidateFilter(filter, Name, subscription.Queue);
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            // Without a connection it takes effect with the next one, whenever that is.
            await _outbox.AskAsync<SubscriptionOpened>(replyTo => new OpenSubscription(subscription, replyTo), _link.IsReachable ? RoundTripTimeout : FirstTripTimeout, cancellationToken);
        }
        catch (Exception e) when (e is OperationCanceledException or AskTimeoutException)
        {
            Close(subscription, drain: false);
            if (e is OperationCanceledException) throw;
            throw new ConnectionLostException($"The bus did not acknowledge the subscription to '{subscription.Filters}' within {RoundTripTimeout.TotalSeconds:0} s.", subscription.Filters[0]);
        }

        _subscriptions.Add(subscription);
        return subscription;
    }

    /// <summary>Which other socket a topic is published over. Null: none.</summary>
    private BusFacade? LaneOf(string topic)
    {
        if (Lanes?.Of(topic) is not { } lane) return null;
        _closing.ThrowIfClosed(topic);
        return lane;
    }

    private Task<PublishReceipt> ConfirmAsync<T>(string topic, T payload, PublishOptions? options, TimeSpan timeout, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _closing.ThrowIfClosed(topic);
        return _confirms.PublishAsync(topic, payload, options, timeout, cancellationToken);
    }

    private async Task RoundTripAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _outbox.AskAsync<FlushCommand>(replyTo => new FlushCommand(replyTo), RoundTripTimeout, cancellationToken);
        }
        catch (AskTimeoutException)
        {
            throw new ConnectionLostException($"The bus did not answer within {RoundTripTimeout.TotalSeconds:0} s.");
        }
    }

    private AnsweredRequests? Answered(SubscriptionOptions options) => options.DuplicateWindow > TimeSpan.Zero ? new AnsweredRequests(options.DuplicateWindow, options.MaxRemembered, _time) : null;

    private static TopicFilters Required(TopicFilters filters) => filters ?? throw new ArgumentNullException(nameof(filters));
}
