using System.Diagnostics;
using Bus.Core.Client;
using Bus.Core.Context;
using Bus.Core.Endpoint;
using Bus.Core.Streams;

namespace Bus.Core.Rpc;

/// <summary>
/// A running instance of a service. Each method is a subscription of a queue group that all instances share; a call is taken off it at once and carried out on the pool, so
/// that none waits behind another but for the limits of the options.
/// </summary>
internal sealed class BusService : IBusService
{
    private readonly BusFacade _bus;
    private readonly ServiceOptions _options;
    private readonly ServiceQuestions _questions;
    private readonly CallQueue _calls;
    private readonly Cancellations _cancellations = new();
    private readonly SemaphoreSlim _changing = new(1, 1);
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile IReadOnlyList<ServiceMethod> _methods = [];
    private ISubscription? _asked;
    private volatile bool _isClosing;
    private volatile bool _isDraining;

    public BusService(BusFacade bus, string name, ServiceOptions options)
    {
        (_bus, Name, _options) = (bus, name, options);
        _questions = new ServiceQuestions(this, options);
        // One more round than may be carried out, so that the last one is told that it is a loop.
        _calls = new CallQueue(options.MaxConcurrency, Math.BigMul(options.MaxConcurrency, options.MaxRepeats) + options.MaxConcurrency, options.MaxWaiting, Start);
        Started = options.Time.GetUtcNow();
    }

    public event EventHandler<MethodExecutedEventArgs>? MethodExecuted;

    public string Name { get; }

    public string Id { get; } = RandomName.Hex(20);

    public string Version => _options.Version;

    public DateTimeOffset Started { get; }

    public IReadOnlyList<string> Methods => [.. _methods.Select(method => method.Name)];

    public Task Completion => _completion.Task;

    public IReadOnlyList<ServiceMethod> Offered() => _methods;

    /// <summary>Offers the first methods, and lets itself be found: only then, so that whoever finds it can call it.</summary>
    public async Task StartAsync(IEnumerable<Func<BusService, CancellationToken, Task>> methods, CancellationToken cancellationToken)
    {
        try
        {
            foreach (var add in methods) await add(this, cancellationToken);
            TopicFilters filters = [.. ServiceTopics.QuestionsTo(Name, Id), ServiceTopics.CancelOf(Name), SystemTopics.LeaveOf("*")];
            _asked = await _bus.OpenSubscriptionAsync<byte[]>(filters, HearAsync, options: null, cancellationToken);
            _bus.Draining.Add(this, DrainAsync);
            _ = EndWithAsync(_asked);
        }
        catch
        {
            await DisposeAsync();
            throw;
        }
    }

    public async Task AddAsync<TRequest, TResponse>(string method, Func<TRequest, CallContext, ValueTask<TResponse>> handler, MethodOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(handler);
        ServiceTopics.ValidateMethod(method);
        await AddAsync(new ServiceMethod<TRequest, TResponse>(method, ServiceTopics.MethodOf(Name, method), handler, options ?? new MethodOptions(), _options, _bus.Codec), cancellationToken);
    }

    /// <summary>Offers a method whose calls are streams.</summary>
    public Task AddStreamAsync<TRequest, TIn, TOut>(string method, StreamHandler<TRequest, TIn, TOut> handler, StreamKind kind, MethodOptions? options, CancellationToken cancellationToken)
    {
        ServiceTopics.ValidateMethod(method);
        return AddAsync(new StreamMethod<TRequest, TIn, TOut>(method, ServiceTopics.MethodOf(Name, method), handler, kind, options ?? new MethodOptions(), _options, _bus), cancellationToken);
    }

    private async Task AddAsync(ServiceMethod method, CancellationToken cancellationToken)
    {
        await _changing.WaitAsync(cancellationToken);
        try
        {
            if (_isClosing) throw new BusClosedException($"The service '{Name}' is closed: no method can be added.", method.Topic);
            if (_methods.Any(known => known.Name == method.Name)) throw new ArgumentException($"The service '{Name}' has a method '{method.Name}' already: remove it first, or choose another name.", nameof(method));
            await method.OpenAsync(_bus, [method.Topic, ServiceTopics.MethodOf(Name, Id, method.Name)], _options.Queue, Arrived, cancellationToken);
            _methods = [.. _methods, method];
        }
        finally
        {
            _changing.Release();
        }
    }

    public async Task<bool> RemoveAsync(string method, CancellationToken cancellationToken = default)
    {
        await _changing.WaitAsync(cancellationToken);
        try
        {
            if (_methods.FirstOrDefault(known => known.Name == method) is not { } offered) return false;
            _methods = [.. _methods.Where(known => known != offered)];
            await offered.DrainAsync(cancellationToken);
            return true;
        }
        finally
        {
            _changing.Release();
        }
    }

    public ServiceStatus GetStatus() => new()
    {
        Name = Name,
        Id = Id,
        Version = Version,
        Started = Started,
        Running = _calls.Running,
        Waiting = _calls.Waiting,
        Methods = [.. _methods.Select(method => method.GetStatus())],
    };

    public async Task DrainAsync(CancellationToken cancellationToken = default)
    {
        _isDraining = true;
        try
        {
            // Nobody finds it any more; then nobody calls it; then all is answered.
            if (_asked is not null) await _asked.DrainAsync(cancellationToken);
            await Task.WhenAll(_methods.Select(method => method.DrainAsync(cancellationToken)));
            await AnsweredAsync(cancellationToken);
        }
        finally
        {
            await DisposeAsync();
        }
    }

    /// <summary>Waits until all is answered. A stream of which nothing is taken ends then.</summary>
    private async Task AnsweredAsync(CancellationToken cancellationToken)
    {
        var answered = _calls.IdleAsync();
        while (!answered.IsCompleted)
        {
            foreach (var call in _calls.All().Where(call => call.IsStuck())) call.Cancel();
            try
            {
                await answered.WaitAsync(StreamWatch.DrainPatience, _options.Time, cancellationToken);
            }
            catch (TimeoutException)
            {
                // They are looked at again.
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _changing.WaitAsync();
        try
        {
            _isClosing = true;
            _bus.Draining.Remove(this);
            if (_asked is not null) await _asked.DisposeAsync();
            foreach (var method in _methods) await method.CloseAsync();
            foreach (var call in _calls.All()) call.Cancel();
            // Each is answered now, whatever its handler does about it, and also one that waits for its turn.
            await _calls.IdleAsync();
            _completion.TrySetResult();
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <summary>The bus has closed, or refused what it needs to be found.</summary>
    private async Task EndWithAsync(ISubscription asked)
    {
        try
        {
            await asked.Completion;
        }
        catch (BusException e)
        {
            _completion.TrySetException(e);
        }

        // Whoever drains it ends it when all is answered.
        if (!_isDraining) await DisposeAsync();
    }

    private void Arrived(ServiceMethod method, BusMessage message)
    {
        var call = new ServiceCall(method, message, _bus, Name, _options.Time);
        if (!_cancellations.TryAdd(call)) call.Cancel();
        call.StartClock();
        if (!_calls.TryEnter(call)) _ = RefuseAsync(call);
    }

    private async Task RefuseAsync(ServiceCall call)
    {
        _cancellations.Remove(call);
        call.Error = CallRules.Overloaded(_options);
        call.Method.Count(call, TimeSpan.Zero);
        try
        {
            if (call.Message.ReplyTo is not null) await Responder.FailAsync(call.Message, call.Error, _options.ErrorDetail);
        }
        catch (Exception e) when (e is BusException or ArgumentException)
        {
            // There is no way to the caller, or where it wants the answer nobody may publish: others must not suffer from that.
        }
        finally
        {
            call.Dispose();
        }
    }

    // Without the context of whoever reads the subscription: the call has its own.
    private void Start(ServiceCall call) => ThreadPool.UnsafeQueueUserWorkItem(static state => _ = state.Service.RunAsync(state.Call), (Service: this, Call: call), preferLocal: false);

    private async Task RunAsync(ServiceCall call)
    {
        var start = Stopwatch.GetTimestamp();
        try
        {
            await call.Method.AnswerAsync(call);
        }
        catch (Exception e)
        {
            // Whatever went wrong with the answer, the place is given back.
            call.Error ??= e;
        }

        var elapsed = Stopwatch.GetElapsedTime(start);
        call.Method.Count(call, elapsed);
        _cancellations.Remove(call);
        _calls.Answered();
        Raise(new MethodExecutedEventArgs(call.Context, elapsed, call.Error));
        // A handler that goes on without anybody who waits for it keeps its place, or there would be more and more of them.
        await call.Handling.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _calls.Leave(call);
        call.Dispose();
    }

    private void Raise(MethodExecutedEventArgs executed)
    {
        try
        {
            MethodExecuted?.Invoke(this, executed);
        }
        catch (Exception e)
        {
            BusLog.EventHandlerFailed(_bus.Log, e);
        }
    }

    private ValueTask HearAsync(BusMessage<byte[]> message, CancellationToken cancellationToken)
    {
        if (message.Topic == ServiceTopics.CancelOf(Name)) _cancellations.Cancel(message.Data);
        else if (SystemTopics.IsPresence(message.Topic)) _cancellations.CancelAllOf(message.Topic[(message.Topic.LastIndexOf('.') + 1)..]);
        else if (message.ReplyTo is not null && _questions.Answer(message.Topic) is { } answer) return message.ReplyAsync(answer, cancellationToken: cancellationToken);
        return default;
    }
}
