using Bus.Core.Client;

namespace Bus.Core.Endpoint;

/// <summary>The end of a facade: closes once, in order, and refuses the calls that come later. Thread-safe.</summary>
internal sealed class FacadeClosing(BusFacade bus, IActorRef endpoint, Outbox outbox, EndpointLink link, TopicRefs refs, Func<Task>? onClosed, TimeSpan? closeTimeout)
{
    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(10);

    private readonly TimeSpan _timeout = closeTimeout ?? DefaultTimeout;
    private readonly Lock _lock = new();
    private Task? _closed;
    private volatile bool _closing;
    private volatile bool _aborted;

    /// <summary>While it closes, a handler that is still running may finish its work.</summary>
    public void ThrowIfClosed(string? topic)
    {
        if (link.State == BusState.Closed || (_closing && ConsumerContext.Current?.Bus != bus)) throw link.ClosedError(topic);
    }

    /// <summary>What ended because of that is not finished.</summary>
    public void ThrowIfAborted()
    {
        if (_aborted) throw link.ClosedError(topic: null);
    }

    public async ValueTask CloseAsync()
    {
        Task closed;
        lock (_lock) closed = _closed ??= CloseOnceAsync();
        // A handler that closes its own bus must not wait for itself.
        if (ConsumerContext.Current?.Bus != bus) await closed;
    }

    /// <summary>Whoever waits for something hears at once that it will not come.</summary>
    public ValueTask AbortAsync(string? reason)
    {
        link.CloseReason ??= reason;
        _closing = _aborted = true;
        link.Window.Fail(link.ClosedError(topic: null), forGood: true);
        outbox.Tell(AbortCommand.Instance);
        if (bus.Lanes is null) return CloseAsync();
        // First: who waits there hears the reason, and not only that the bus closes.
        var others = bus.Lanes.AbortAsync(reason);
        return new ValueTask(Task.WhenAll(others, CloseAsync().AsTask()));
    }

    /// <summary>Fails the requests, and nothing else: those who wait hear that the bus closes, and not what they lose by that.</summary>
    public async Task EndRequestsAsync()
    {
        if (link.State == BusState.Closed) return;
        try
        {
            await endpoint.Ask<EndRequests>(replyTo => new EndRequests(replyTo), _timeout, CancellationToken.None);
        }
        catch (AskTimeoutException)
        {
            // They have timeouts of their own.
        }
    }

    private async Task CloseOnceAsync()
    {
        // First: what was told to them is still published.
        await refs.CloseAsync(_timeout);
        if (bus.Lanes is not null) await bus.Lanes.EndRequestsAsync();
        _closing = true;
        link.Window.Fail(link.ClosedError(topic: null), forGood: true);
        try
        {
            await endpoint.Ask<CloseCommand>(replyTo => new CloseCommand(replyTo), _timeout, CancellationToken.None);
        }
        catch (AskTimeoutException)
        {
            // It hangs on something: whoever owns the actor system ends it.
        }

        outbox.Close();
        // Behind the handlers, which may publish to the end.
        if (bus.Lanes is not null) await bus.Lanes.CloseAsync();
        bus.Cache.Clear(filters: null);
        link.ChangeState(BusState.Closed, link.CloseReason is null ? null : link.ClosedError(topic: null));
        await OwnerClosedAsync();
        link.Dispose();
    }

    /// <summary>A handler that blocks its thread for good cannot be ended by anybody; closing does not wait for it for ever.</summary>
    private async Task OwnerClosedAsync()
    {
        if (onClosed is null) return;
        try
        {
            await onClosed().WaitAsync(_timeout);
        }
        catch (TimeoutException)
        {
            BusLog.CloseTimedOut(link.Log, link.Name, _timeout.TotalSeconds);
        }
    }
}
