using System.Runtime.ExceptionServices;
using Bus.Core.Client;
using Bus.Core.Context;
using Bus.Core.Endpoint;
using Bus.Core.Streams;

namespace Bus.Core.Rpc;

/// <summary>One call whose answers, or what it sends, are streams, from the caller's side.</summary>
/// <typeparam name="TOut">What the answers are read as.</typeparam>
internal sealed class StreamCall<TOut> : IAsyncDisposable
{
    private readonly BusFacade _bus;
    private readonly string _topic;
    private readonly StreamCallOptions _options;
    private readonly StreamLink<TOut> _link;
    private readonly TimeSpan _total;
    private readonly bool _isLimited;
    private readonly CancellationToken _caller;
    private readonly CancellationTokenSource _outOfTime;
    private readonly CancellationTokenSource _end;
    private readonly CancellationTokenSource _sendingEnds;
    private readonly CancellationToken _sendingEnded;
    private Task _sending = Task.CompletedTask;
    private volatile Exception? _sendingFailed;

    public StreamCall(BusFacade bus, string topic, StreamCallOptions options, CancellationToken cancellationToken)
    {
        (_bus, _topic, _options, _caller) = (bus, topic, options, cancellationToken);
        _total = options.TotalTimeout ?? Timeout.InfiniteTimeSpan;
        var context = CallContext.Current;
        if (context?.Remaining is { } left && (_total == Timeout.InfiniteTimeSpan || left < _total)) (_total, _isLimited) = (left, true);
        _outOfTime = new CancellationTokenSource(_total < TimeSpan.FromDays(40) ? _total : Timeout.InfiniteTimeSpan, TimeProvider.System);
        _end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, context?.CancellationToken ?? default, _outOfTime.Token);
        _link = new StreamLink<TOut>(bus, topic, options.Window, isCaller: true, options.IdleTimeout);
        _sendingEnds = CancellationTokenSource.CreateLinkedTokenSource(_end.Token, _link.Stopped);
        // What is sent may look at them when they are disposed.
        (Ended, _sendingEnded) = (_end.Token, _sendingEnds.Token);
    }

    /// <summary>Cancelled when the call is to end, whatever for. Not any more when it has ended.</summary>
    public CancellationToken Ended { get; }

    private TimeSpan Patience => _options.Timeout ?? _bus.RequestTimeout;

    /// <summary>Begins the call: when it completes, the service has taken it on.</summary>
    public async Task OpenAsync<TRequest>(string service, string method, TRequest request)
    {
        var patience = Patience;
        if (_options.FailFast && _bus.State == BusState.Reconnecting) throw new NotConnectedException($"There is no connection to the bus, and the call of '{_topic}' was not to wait for one.", _topic);
        using var impatience = new CancellationTokenSource(patience, TimeProvider.System);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(Ended, impatience.Token);
        try
        {
            await _link.OpenAsync(either.Token);
            var options = new ServiceCallOptions { Timeout = _options.TotalTimeout ?? Timeout.InfiniteTimeSpan, Instance = _options.Instance, FailFast = _options.FailFast, Headers = StreamHeaders.Begin(_options.Headers, _link.Inbox, _link.FirstCredit()) };
            var answer = await new ServiceCaller(_bus, service, method, options, patience).CallAsync<TRequest, byte[]>(request, either.Token);
            if (!StreamHeaders.IsOpen(answer)) throw new StreamBrokenException(_topic, "the method gave one answer, and no stream: use CallAsync");
            _link.Connect(answer.Headers, answer.Headers[StreamHeaders.Peer]);
        }
        catch (OperationCanceledException) when (impatience.IsCancellationRequested && !Ended.IsCancellationRequested)
        {
            throw _bus.State == BusState.Reconnecting
                ? new NotConnectedException($"There was no connection to the bus within {patience.TotalSeconds:0.###} s, so '{_topic}' was not called.", _topic)
                : new RequestTimeoutException(_topic, patience);
        }
        catch (OperationCanceledException)
        {
            throw Cancelled();
        }
    }

    /// <summary>Begins to send items, beside what is read.</summary>
    public void Send<TIn>(IAsyncEnumerable<TIn> items) => _sending = SendAllAsync(items);

    /// <summary>Waits for the only answer.</summary>
    public async Task<TOut> ReadAnswerAsync()
    {
        var reading = ReadAsync(patience: null).AsTask();
        // The service may have answered before it has all.
        await Task.WhenAny(reading, _sending);
        BusMessage<TOut>? answer;
        try
        {
            answer = await reading.WaitAsync(Patience, TimeProvider.System, CancellationToken.None);
        }
        catch (TimeoutException)
        {
            ThrowIfSendingFailed();
            throw new RequestTimeoutException(_topic, Patience);
        }

        if (answer is null) throw new StreamBrokenException(_topic, "it came to its end without an answer");
        // Only behind it is it certain that it has gone well.
        return await ReadAsync(Patience) is null ? answer.Data : throw new StreamBrokenException(_topic, "one answer was to come, and there was another");
    }

    /// <summary>Waits for the next answer.</summary>
    /// <param name="patience">How long. Null: for as long as it takes.</param>
    /// <returns>Null: there are no more.</returns>
    public async ValueTask<BusMessage<TOut>?> ReadAsync(TimeSpan? patience)
    {
        try
        {
            var reading = _link.ReadAsync(Ended);
            var item = reading.IsCompleted || patience is null ? await reading : await reading.AsTask().WaitAsync(patience.Value, TimeProvider.System, Ended);
            if (item is null) ThrowIfSendingFailed();
            return item;
        }
        catch (TimeoutException)
        {
            ThrowIfSendingFailed();
            throw new RequestTimeoutException(_topic, patience!.Value);
        }
        catch (OperationCanceledException)
        {
            ThrowIfSendingFailed();
            throw Cancelled();
        }
        catch (RemoteErrorException e)
        {
            ThrowIfSendingFailed();
            if (e.Error == BusErrors.DeadlineExceeded && _total != Timeout.InfiniteTimeSpan) throw OutOfTime();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        // All of them, whatever is thrown on the way: the caller's token, and the bus, would remember it as long as they are there.
        using (_outOfTime)
        using (_end)
        using (_sendingEnds)
        await using (_link)
        {
            // Told that its items have failed, the service needs no other end: that would take the place of the error.
            if (_sendingFailed is null) await _link.StopReadingAsync();
            // What the caller gave to be sent is left behind: it may not listen to its token, or throw then.
            await _sendingEnds.CancelAsync();
        }
    }

    private async Task SendAllAsync<TIn>(IAsyncEnumerable<TIn> items)
    {
        try
        {
            // Off the caller's thread, which has answers to read.
            await Task.Yield();
            await _link.SendAsync(items, _options.IdleTimeout, _sendingEnded);
            await _link.EndAsync(error: null);
        }
        catch (OperationCanceledException) when (_sendingEnded.IsCancellationRequested)
        {
            // Nobody wants more of it: the service knows, or is told that the whole call is over.
        }
        catch (Exception e)
        {
            _sendingFailed = e;
            await EndAsync(e);
            // Whoever reads the answers does not wait for what the service makes of it.
            _link.Fail(e);
        }
    }

    private async Task EndAsync(Exception error)
    {
        try
        {
            await _link.EndAsync(StreamErrors.OfUpload(error));
        }
        catch (BusException)
        {
            // The bus is away or closed: the service hears of that.
        }
    }

    /// <summary>What the caller gave to be sent has failed: that is the cause of all else.</summary>
    private void ThrowIfSendingFailed()
    {
        if (_sendingFailed is { } cause) ExceptionDispatchInfo.Throw(cause);
    }

    private Exception Cancelled() => _outOfTime.IsCancellationRequested && !_caller.IsCancellationRequested
        ? OutOfTime()
        : new OperationCanceledException($"The call of '{_topic}' was cancelled.", _caller.IsCancellationRequested ? _caller : Ended);

    private BusException OutOfTime() => _isLimited
        ? new DeadlineExceededException(_topic, $"the call that it was made in left {_total.TotalSeconds:0.###} s for it, and its stream had not come to its end.")
        : new RequestTimeoutException(_topic, _total);
}
