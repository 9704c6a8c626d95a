using Bus.Core.Client;
using Bus.Core.Context;

namespace Bus.Core.Rpc;

/// <summary>One call from its arrival to its answer.</summary>
internal sealed class ServiceCall : IDisposable
{
    private readonly CancellationTokenSource _end;
    private int _cancelled;

    public ServiceCall(ServiceMethod method, BusMessage message, IBus bus, string service, TimeProvider time)
    {
        Method = method;
        Message = message;
        _end = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        Context = new CallContext(service, method.Name, message, bus, time, _end.Token);
    }

    public ServiceMethod Method { get; }

    public BusMessage Message { get; }

    public CallContext Context { get; }

    /// <summary>It comes from a call that this service carries out, perhaps from one that all others wait for.</summary>
    public bool IsNested => Context.Repeats > 1;

    /// <summary>What it ended with. Null: it was answered.</summary>
    public Exception? Error { get; set; }

    /// <summary>The one before it with the same id, of which it is a repetition. Owned by <see cref="Cancellations"/>.</summary>
    public ServiceCall? Earlier { get; set; }

    /// <summary>Whether the statistics have it.</summary>
    public bool IsCounted { get; set; }

    /// <summary>Whether they have its error.</summary>
    public bool IsErrorCounted { get; set; }

    /// <summary>The handler, which may go on although the call was answered with an error because its time was up.</summary>
    public Task Handling { get; set; } = Task.CompletedTask;

    /// <summary>Of a stream: whether nothing has moved since this was asked before.</summary>
    public Func<bool> IsStuck { get; set; } = static () => false;

    /// <summary>Nobody waits for the answer any more.</summary>
    public bool IsCancelled => Volatile.Read(ref _cancelled) != 0;

    /// <summary>The method allows less time than the caller gives.</summary>
    public bool IsLimitedByMethod { get; private set; }

    /// <summary>From now on its time runs: what its caller left it, or what the method allows.</summary>
    public void StartClock()
    {
        var (left, allowed) = (Context.Remaining, Method.Options.Timeout);
        if ((left ?? allowed) is not { } limit) return;
        IsLimitedByMethod = allowed <= limit;
        if (IsLimitedByMethod) limit = allowed!.Value;
        // A timer takes 49 days at most; whoever waits longer waits for ever.
        if (limit < TimeSpan.FromDays(40)) _end.CancelAfter(limit);
    }

    /// <summary>Its caller has left or changed its mind, or the service is closed. What the handler registered runs on the pool.</summary>
    public void Cancel()
    {
        if (Interlocked.Exchange(ref _cancelled, 1) != 0) return;
        try
        {
            _ = _end.CancelAsync();
        }
        catch (ObjectDisposedException)
        {
            // It has ended meanwhile.
        }
    }

    public void Dispose() => _end.Dispose();
}
