using System.Collections.Concurrent;
using System.Diagnostics;
using Bus.Core.Client;
using Bus.Core.Context;
using Bus.Core.Endpoint;
using Bus.Core.Messages;

namespace Bus.Core.Rpc;

/// <summary>A method that is offered: its subscription, and what it has done.</summary>
internal abstract class ServiceMethod(string name, string topic, MethodOptions options)
{
    // The text of an error may hold what a caller has sent; the statistics go into a message.
    private const int MaxErrorLength = 1024;

    private ISubscription? _subscription;
    private Task _reading = Task.CompletedTask;
    private long _requests;
    private long _errors;
    private long _ticks;
    private volatile string? _lastError;

    public string Name => name;

    public string Topic => topic;

    public MethodOptions Options => options;

    /// <summary>Whether its calls are streams.</summary>
    public virtual bool IsStream => false;

    /// <summary>Subscribes; what comes is told to <paramref name="arrived"/>, one after the other.</summary>
    public abstract Task OpenAsync(IBus bus, TopicFilters filters, string queue, Action<ServiceMethod, BusMessage> arrived, CancellationToken cancellationToken);

    /// <summary>Carries out a call and answers it. Does not throw.</summary>
    public abstract Task AnswerAsync(ServiceCall call);

    /// <summary>Counts a call, once; and its error, if that came when it was counted already.</summary>
    public void Count(ServiceCall call, TimeSpan elapsed)
    {
        if (!call.IsCounted)
        {
            Interlocked.Increment(ref _requests);
            Interlocked.Add(ref _ticks, elapsed.Ticks);
            call.IsCounted = true;
        }

        if (call.Error is not { } error || call.IsErrorCounted) return;
        Interlocked.Increment(ref _errors);
        _lastError = error.Message.Length <= MaxErrorLength ? error.Message : error.Message[..MaxErrorLength];
        call.IsErrorCounted = true;
    }

    protected async Task OpenAsync<TRequest>(IBus bus, TopicFilters filters, string queue, Action<ServiceMethod, BusMessage> arrived, CancellationToken cancellationToken)
    {
        var subscription = await bus.OpenSubscriptionAsync<TRequest>(filters, new SubscriptionOptions { Queue = queue }, cancellationToken);
        _subscription = subscription;
        _reading = ReadAsync();

        async Task ReadAsync()
        {
            await foreach (var message in subscription) arrived(this, message);
        }
    }

    /// <summary>Takes no more calls, and is done when all that have come are told.</summary>
    public async Task DrainAsync(CancellationToken cancellationToken)
    {
        await _subscription!.DrainAsync(cancellationToken);
        await _reading.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>The same at once.</summary>
    public async Task CloseAsync()
    {
        await _subscription!.DisposeAsync();
        await _reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public MethodStatus GetStatus() => new()
    {
        Name = name,
        Topic = topic,
        Requests = Interlocked.Read(ref _requests),
        Errors = Interlocked.Read(ref _errors),
        LastError = _lastError,
        ProcessingTime = TimeSpan.FromTicks(Interlocked.Read(ref _ticks)),
    };
}

/// <summary>A method with its types.</summary>
internal sealed class ServiceMethod<TRequest, TResponse> : ServiceMethod
{
    private readonly ServiceOptions _service;
    private readonly Func<TRequest, CallContext, ValueTask<TResponse>> _handler;
    private readonly SubscriptionOptions _answering;
    private readonly AnsweredRequests? _answered;
    private readonly PayloadCodec _codec;
    // Those with an id that are carried out now: the same one again waits for the answer, and gets it.
    private readonly ConcurrentDictionary<RequestKey, Task> _underWay = new();

    public ServiceMethod(string name, string topic, Func<TRequest, CallContext, ValueTask<TResponse>> handler, MethodOptions options, ServiceOptions service, PayloadCodec codec)
        : base(name, topic, options)
    {
        (_service, _handler, _codec) = (service, handler, codec);
        _answering = new SubscriptionOptions { ErrorDetail = service.ErrorDetail };
        _answered = service.DuplicateWindow > TimeSpan.Zero ? new AnsweredRequests(service.DuplicateWindow, _answering.MaxRemembered, service.Time) : null;
    }

    public override Task OpenAsync(IBus bus, TopicFilters filters, string queue, Action<ServiceMethod, BusMessage> arrived, CancellationToken cancellationToken) =>
        OpenAsync<TRequest>(bus, filters, queue, arrived, cancellationToken);

    public override async Task AnswerAsync(ServiceCall call)
    {
        using var _ = call.Context.Enter();
        var activity = CallTelemetry.StartMethod(call.Context);
        var start = Stopwatch.GetTimestamp();
        try
        {
            if (call.Message.Key is { } key) await AnswerOnceAsync(call, key);
            else await RespondAsync(call);
        }
        catch (Exception e)
        {
            // It is answered, as far as that was possible.
            call.Error ??= e;
        }
        finally
        {
            CallTelemetry.EndMethod(activity, call.Context, Stopwatch.GetElapsedTime(start), call.Error);
            activity?.Dispose();
        }
    }

    private async Task AnswerOnceAsync(ServiceCall call, RequestKey key)
    {
        var mine = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        while (!_underWay.TryAdd(key, mine.Task))
        {
            if (!_underWay.TryGetValue(key, out var other)) continue;
            await other.WaitAsync(call.Context.CancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (call.Context.CancellationToken.IsCancellationRequested)
            {
                // Nobody waits for the answer any more: this one is refused, and the other goes on or was cancelled with it.
                await RespondAsync(call);
                return;
            }
        }

        try
        {
            await RespondAsync(call);
        }
        finally
        {
            _underWay.TryRemove(key, out _);
            mine.SetResult();
        }
    }

    private ValueTask RespondAsync(ServiceCall call)
    {
        var responder = new Responder<TRequest, TResponse>((message, token) => CarryOutAsync(call, message, token), _answered, _answering, _codec);
        return responder.HandleAsync((BusMessage<TRequest>)call.Message, call.Context.CancellationToken);
    }

    private async ValueTask<TResponse> CarryOutAsync(ServiceCall call, BusMessage<TRequest> message, CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        try
        {
            CallRules.Check(call, _service);
            cancellationToken.ThrowIfCancellationRequested();
            var handling = _service.Use.Count == 0 ? _handler(message.Data, call.Context) : Middlewares.AnswerAsync(_service.Use, message, () => _handler(message.Data, call.Context), cancellationToken);
            if (handling.IsCompleted) return await handling;
            var task = handling.AsTask();
            call.Handling = task;
            // A handler that does not listen to its token does not keep the caller waiting.
            return await task.WaitAsync(cancellationToken);
        }
        catch (Exception e)
        {
            call.Error = CallRules.AnswerTo(e, call);
            if (ReferenceEquals(call.Error, e)) throw;
            throw call.Error;
        }
        finally
        {
            // In front of the answer: whoever has it finds it counted.
            Count(call, Stopwatch.GetElapsedTime(start));
        }
    }
}
