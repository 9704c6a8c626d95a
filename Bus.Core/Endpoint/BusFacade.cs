using System.Collections.Concurrent;
using System.Text;
using Bus.Core.Client;
using Bus.Core.Messages;

namespace Bus.Core.Endpoint;

/// <summary>
/// The one implementation of <see cref="IBus"/>: checks and serializes in the caller's thread, then talks to an endpoint
/// actor, which is the bus of this process or a connection to another.
/// </summary>
internal sealed class BusFacade : IBus
{
    private static readonly TimeSpan AskMargin = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RoundTripTimeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan DefaultCloseTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan MaxRequestTimeout = TimeSpan.FromDays(1);

    // Topics whose check is remembered. Beyond it they are checked each time.
    private const int MaxKnownTopics = 4096;

    private readonly ConcurrentDictionary<string, byte[]> _topics = new(StringComparer.Ordinal);
    private readonly IActorRef _endpoint;
    private readonly EndpointLink _link;
    private readonly TimeProvider _time;
    private readonly SubscriptionSet _subscriptions = new();
    private readonly Lock _closeLock = new();
    private readonly Func<Task>? _onClosed;
    private readonly TimeSpan _closeTimeout;
    private Task? _closed;
    private volatile bool _closing;

    /// <param name="endpoint">Understands the commands of Commands.cs.</param>
    /// <param name="link">Shared with the endpoint.</param>
    /// <param name="serializer">For payloads that are neither bytes nor text.</param>
    /// <param name="time">The clock.</param>
    /// <param name="closed">Called when the endpoint has stopped.</param>
    /// <param name="closeTimeout">How long closing waits for a handler that does not end. Default: 10 seconds.</param>
    public BusFacade(IActorRef endpoint, EndpointLink link, IBusSerializer serializer, TimeProvider time, Func<Task>? closed = null, TimeSpan? closeTimeout = null)
    {
        (_endpoint, _link, Serializer, _time) = (endpoint, link, serializer, time);
        _onClosed = closed;
        _closeTimeout = closeTimeout ?? DefaultCloseTimeout;
        link.StateChanged = change => StateChanged?.Invoke(this, change);
        link.Noticed = notice => Noticed?.Invoke(this, notice);
    }

    public event EventHandler<BusStateChangedEventArgs>? StateChanged;

    public event EventHandler<BusNoticeEventArgs>? Noticed;

    public IBusSerializer Serializer { get; }

    public string Name => _link.Name;

    public BusState State => _link.State;

    public ValueTask PublishAsync<T>(string topic, T payload, PublishOptions? options = null, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var replyTo = options?.ReplyTo is { } reply ? Topic.Validate(reply) : null;
        var message = Build(topic, replyTo, options?.Headers, isRequest: false, payload);
        var window = _link.Window;
        if (_link.ExemptsConsumers && ConsumerContext.Current?.Bus == this) window.Enter(message.Weight);
        else if (!window.TryEnter(message.Weight)) return PublishWhenThereIsRoomAsync(topic, message, cancellationToken);
        Send(message);
        return default;
    }

    public IAsyncEnumerable<BusMessage<T>> SubscribeAsync<T>(TopicFilters filters, SubscriptionOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(filters);
        OptionChecks.Check(options);
        return new LazySubscription<T>(async token => (Subscription<T>)await OpenAsync(new Subscription<T>(this, filters, options ?? new SubscriptionOptions()), token), cancellationToken);
    }

    public async Task<ISubscription<T>> OpenSubscriptionAsync<T>(TopicFilters filters, SubscriptionOptions? options = null, CancellationToken cancellationToken = default) =>
        (Subscription<T>)await OpenAsync(new Subscription<T>(this, Required(filters), OptionChecks.Check(options)), cancellationToken);

    public async Task<ISubscription> OpenSubscriptionAsync<T>(TopicFilters filters, Func<BusMessage<T>, CancellationToken, ValueTask> handler, SubscriptionOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(handler);
        var subscription = new Subscription<T>(this, Required(filters), OptionChecks.Check(options)) { Handler = (message, token) => handler((BusMessage<T>)message, token) };
        return await OpenAsync(subscription, cancellationToken);
    }

    public async Task<ISubscription> OpenSubscriptionAsync<T>(TopicFilters filters, IActorRef actor, SubscriptionOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(actor);
        return await OpenAsync(new Subscription<T>(this, Required(filters), OptionChecks.Check(options)) { Target = actor }, cancellationToken);
    }

    public async Task<TResponse> RequestAsync<TRequest, TResponse>(string topic, TRequest request, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        var reply = await RequestMessageAsync<TRequest, TResponse>(topic, request, timeout is { } given ? new RequestOptions { Timeout = given } : null, cancellationToken);
        return reply.Data;
    }

    public async Task<BusMessage<TResponse>> RequestMessageAsync<TRequest, TResponse>(string topic, TRequest request, RequestOptions? options = null, CancellationToken cancellationToken = default)
    {
        var timeout = options?.Timeout ?? RequestOptions.DefaultTimeout;
        if (timeout <= TimeSpan.Zero || timeout > MaxRequestTimeout) throw new ArgumentOutOfRangeException(nameof(options), timeout, $"The timeout of the request on '{topic}' is {timeout}: it has to be more than zero and at most {MaxRequestTimeout.TotalDays:0} day.");
        cancellationToken.ThrowIfCancellationRequested();
        var message = Build(topic, replyTo: null, options?.Headers, isRequest: true, request);
        // Not held up by the window: each request has a caller who waits for it, which bounds them well enough.
        _link.Window.Enter(message.Weight);
        message.CountedIn(_link.Window);
        var received = await AskAsync(topic, message, timeout, cancellationToken);
        var reply = new BusMessage<TResponse>(received.Topic, received.ReplyTo, received.Body.AsMemory(0, received.HeaderLength), received.Body.AsMemory(received.HeaderLength), this, Serializer);
        return ErrorHeaders.Read(reply, topic) is { } error ? throw error : reply;
    }

    public Task<ISubscription> RespondAsync<TRequest, TResponse>(TopicFilters topic, Func<TRequest, BusMessage<TRequest>, CancellationToken, ValueTask<TResponse>> handler, SubscriptionOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(handler);
        return OpenSubscriptionAsync<TRequest>(topic, (message, token) => Responder.HandleAsync(message, handler, token), options, cancellationToken);
    }

    public async Task FlushAsync(CancellationToken cancellationToken = default)
    {
        ThrowIfClosed(topic: null);
        try
        {
            await _endpoint.Ask<FlushCommand>(replyTo => new FlushCommand(replyTo), RoundTripTimeout, cancellationToken);
        }
        catch (AskTimeoutException)
        {
            throw new BusDisconnectedException($"The bus did not answer within {RoundTripTimeout.TotalSeconds:0} s.");
        }
    }

    public async Task<TimeSpan> PingAsync(CancellationToken cancellationToken = default)
    {
        var start = _time.GetTimestamp();
        await FlushAsync(cancellationToken);
        return _time.GetElapsedTime(start);
    }

    public async Task DrainAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            await Task.WhenAll(_subscriptions.All().Select(s => s.DrainAsync(cancellationToken)));
            if (State == BusState.Connected) await FlushAsync(cancellationToken);
        }
        finally
        {
            await DisposeAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        Task closed;
        lock (_closeLock) closed = _closed ??= CloseAsync();
        // A handler that closes its own bus must not wait for itself.
        if (ConsumerContext.Current?.Bus != this) await closed;
    }

    /// <summary>Ends a subscription.</summary>
    public void Close(SubscriptionCore subscription, bool drain) => _endpoint.Tell(new CloseSubscription(subscription, drain), ActorRefs.NoSender);

    private async Task CloseAsync()
    {
        _closing = true;
        _link.Window.Fail(Closed.Error(topic: null), forGood: true);
        try
        {
            await _endpoint.Ask<CloseCommand>(replyTo => new CloseCommand(replyTo), _closeTimeout, CancellationToken.None);
        }
        catch (AskTimeoutException)
        {
            // It hangs on something: whoever owns the actor system ends it.
        }

        _link.ChangeState(BusState.Closed);
        await OwnerClosedAsync();
        _link.Dispose();
    }

    /// <summary>A handler that blocks its thread for good cannot be ended by anybody; closing does not wait for it for ever.</summary>
    private async Task OwnerClosedAsync()
    {
        if (_onClosed is null) return;
        try
        {
            await _onClosed().WaitAsync(_closeTimeout);
        }
        catch (TimeoutException)
        {
            BusLog.CloseTimedOut(_link.Log, Name, _closeTimeout.TotalSeconds);
        }
    }

    private async Task<SubscriptionCore> OpenAsync(SubscriptionCore subscription, CancellationToken cancellationToken)
    {
        ThrowIfClosed(subscription.Filters[0]);
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            await _endpoint.Ask<SubscriptionOpened>(replyTo => new OpenSubscription(subscription, replyTo), RoundTripTimeout, cancellationToken);
        }
        catch (Exception e) when (e is OperationCanceledException or AskTimeoutException)
        {
            Close(subscription, drain: false);
            if (e is OperationCanceledException) throw;
            throw new BusDisconnectedException($"The bus did not acknowledge the subscription to '{subscription.Filters}' within {RoundTripTimeout.TotalSeconds:0} s.", subscription.Filters[0]);
        }

        _subscriptions.Add(subscription);
        return subscription;
    }

    private async Task<ReceivedMessage> AskAsync(string topic, OutgoingMessage message, TimeSpan timeout, CancellationToken cancellationToken)
    {
        RequestCommand? command = null;
        try
        {
            return await _endpoint.Ask<ReceivedMessage>(replyTo => command = new RequestCommand(message, topic, timeout, replyTo), timeout + AskMargin, cancellationToken);
        }
        catch (Exception e) when (e is OperationCanceledException or AskTimeoutException)
        {
            if (command is not null) _endpoint.Tell(new CancelRequest(command), ActorRefs.NoSender);
            if (e is OperationCanceledException) throw;
            throw new RequestTimeoutException(topic, timeout);
        }
    }

    private async ValueTask PublishWhenThereIsRoomAsync(string topic, OutgoingMessage message, CancellationToken cancellationToken)
    {
        try
        {
            if (State is BusState.Reconnecting or BusState.Connecting) throw OfflineQueueFull(topic);
            await _link.Window.EnterAsync(message.Weight, cancellationToken);
        }
        catch
        {
            message.Return();
            throw;
        }

        Send(message);
    }

    private BusDisconnectedException OfflineQueueFull(string topic) =>
        new($"The message to '{topic}' was not published: the bus is not connected, and the {_link.Window.Limit:N0} bytes that are kept for that time are full. Publish again when the bus is connected, or raise the limit.", topic);

    private void Send(OutgoingMessage message)
    {
        message.CountedIn(_link.Window);
        _endpoint.Tell(message, ActorRefs.NoSender);
    }

    private OutgoingMessage Build<T>(string topic, string? replyTo, BusHeaders? headers, bool isRequest, T payload)
    {
        ThrowIfClosed(topic);
        if (!_topics.TryGetValue(topic ?? "", out var bytes))
        {
            bytes = Encoding.UTF8.GetBytes(Topic.Validate(topic!));
            if (_topics.Count < MaxKnownTopics) _topics.TryAdd(topic!, bytes);
        }

        var message = OutgoingMessage.Create(bytes, replyTo, headers, isRequest, payload, Serializer, topic!);
        if (message.BodyLength <= _link.MaxPayload) return message;
        var size = message.BodyLength;
        message.Return();
        throw new PayloadTooLargeException(topic!, size, _link.MaxPayload);
    }

    /// <summary>While it closes, a handler that is still running may finish its work.</summary>
    private void ThrowIfClosed(string? topic)
    {
        if (State == BusState.Closed || (_closing && ConsumerContext.Current?.Bus != this)) throw Closed.Error(topic);
    }

    private static TopicFilters Required(TopicFilters filters) => filters ?? throw new ArgumentNullException(nameof(filters));
}
