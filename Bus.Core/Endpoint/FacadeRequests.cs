using Bus.Core.Client;

namespace Bus.Core.Endpoint;

/// <summary>The requests of a facade: one Ask each, whose answer is the reply or the specific error. Thread-safe.</summary>
internal sealed class FacadeRequests(Outbox outbox, EndpointLink link)
{
    private static readonly TimeSpan AskMargin = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan MaxTimeout = TimeSpan.FromDays(1);

    private TaskCompletionSource? _idle;
    private int _waiting;

    /// <exception cref="ArgumentOutOfRangeException">The timeout makes no sense.</exception>
    public static TimeSpan CheckTimeout(TimeSpan timeout, string topic) =>
        IsTimeout(timeout)
            ? timeout
            : throw new ArgumentOutOfRangeException(nameof(timeout), timeout, $"The timeout of the request on '{topic}' is {timeout}: it has to be more than zero and at most {MaxTimeout.TotalDays:0} day, or Timeout.InfiniteTimeSpan for no limit.");

    /// <summary>Whether a request can have it: more than zero and at most a day, or none at all.</summary>
    public static bool IsTimeout(TimeSpan timeout) => (timeout > TimeSpan.Zero && timeout <= MaxTimeout) || timeout == Timeout.InfiniteTimeSpan;

    /// <summary>Waits until no request waits for its reply any more.</summary>
    public Task IdleAsync(CancellationToken cancellationToken)
    {
        var idle = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        idle = Interlocked.CompareExchange(ref _idle, idle, null) ?? idle;
        // Behind the exchange: who ends the last one either sees the waiter or was seen by us.
        if (Volatile.Read(ref _waiting) == 0) Interlocked.Exchange(ref _idle, null)?.TrySetResult();
        return idle.Task.WaitAsync(cancellationToken);
    }

    public Task<ReceivedMessage> AskAsync(string topic, OutgoingMessage message, TimeSpan timeout, RequestOptions? options, CancellationToken cancellationToken) =>
        AskAsync(topic, message, timeout, timedOut: null, options, cancellationToken);

    public async Task<ReceivedMessage> AskAsync(string topic, OutgoingMessage message, CallFlow flow, RequestOptions? options, CancellationToken cancellationToken)
    {
        if (!flow.IsLimited && !flow.Cancellation.CanBeCanceled) return await AskAsync(topic, message, flow.Timeout, timedOut: null, options, cancellationToken);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, flow.Cancellation);
        return await AskAsync(topic, message, flow.Timeout, flow.OutOfTime, options, either.Token);
    }

    private async Task<ReceivedMessage> AskAsync(string topic, OutgoingMessage message, TimeSpan timeout, Func<string, BusException>? timedOut, RequestOptions? options, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _waiting);
        // Not held up by the window: each request has a caller who waits for it, which bounds them well enough.
        link.Window.Enter(message.Weight);
        message.CountedIn(link.Window);
        RequestCommand? command = null;
        var lastResort = timeout == Timeout.InfiniteTimeSpan ? timeout : timeout + AskMargin;
        try
        {
            return await outbox.AskAsync<ReceivedMessage>(replyTo => command = new RequestCommand(message, topic, timeout, replyTo) { FailFast = options?.FailFast ?? false, SafeToRetry = options?.SafeToRetry ?? false }, lastResort, cancellationToken);
        }
        catch (Exception) when (command is null)
        {
            message.Return();
            throw;
        }
        catch (RequestTimeoutException) when (timedOut is not null)
        {
            throw timedOut(topic);
        }
        catch (Exception e) when (e is OperationCanceledException or AskTimeoutException)
        {
            outbox.Tell(new CancelRequest(command!));
            if (e is OperationCanceledException) throw;
            throw timedOut?.Invoke(topic) ?? new RequestTimeoutException(topic, timeout);
        }
        finally
        {
            if (Interlocked.Decrement(ref _waiting) == 0) Interlocked.Exchange(ref _idle, null)?.TrySetResult();
        }
    }
}
