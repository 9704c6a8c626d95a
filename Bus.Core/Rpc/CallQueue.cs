namespace Bus.Core.Rpc;

/// <summary>
/// The calls of one instance that run, and those that wait for their turn. A call that comes from one of them never waits: otherwise a service that calls itself through
/// another could wait for itself for ever. One whose end has come does not wait any longer either: it is started, and refused. Thread-safe.
/// </summary>
/// <param name="maxRunning">How many run at the same time, but for those that come from one of them.</param>
/// <param name="maxNested">How many run at the same time with those. What comes from where is what the caller says: it has to end somewhere.</param>
/// <param name="maxWaiting">How many wait.</param>
/// <param name="start">Called when one may run.</param>
internal sealed class CallQueue(int maxRunning, long maxNested, int maxWaiting, Action<ServiceCall> start)
{
    private readonly Lock _lock = new();
    private readonly LinkedList<ServiceCall> _running = [];
    private readonly LinkedList<ServiceCall> _waiting = [];
    private TaskCompletionSource? _idle;
    private int _unanswered;

    public int Running
    {
        get
        {
            lock (_lock) return _running.Count;
        }
    }

    public int Waiting
    {
        get
        {
            lock (_lock) return _waiting.Count;
        }
    }

    /// <summary>Starts a call now, or when another has ended.</summary>
    /// <returns>Whether it is taken.</returns>
    public bool TryEnter(ServiceCall call)
    {
        bool waits;
        lock (_lock)
        {
            waits = _running.Count >= maxRunning && !call.IsNested;
            if (waits ? _waiting.Count >= maxWaiting : _running.Count >= maxNested) return false;
            (waits ? _waiting : _running).AddLast(call);
            _unanswered++;
        }

        if (waits) WatchEnd(call);
        else start(call);
        return true;
    }

    /// <summary>A call was answered. Its handler may go on.</summary>
    public void Answered()
    {
        lock (_lock)
        {
            if (--_unanswered == 0) _idle?.TrySetResult();
        }
    }

    /// <summary>The handler of a call has ended: the next one may run.</summary>
    public void Leave(ServiceCall call)
    {
        ServiceCall? next = null;
        lock (_lock)
        {
            _running.Remove(call);
            if (_running.Count < maxRunning && _waiting.First is { } first)
            {
                next = first.Value;
                _waiting.RemoveFirst();
                _running.AddLast(next);
            }
        }

        if (next is not null) start(next);
    }

    private void WatchEnd(ServiceCall call) => call.Context.CancellationToken.UnsafeRegister(_ => WaitNoLonger(call), state: null);

    /// <summary>It was cancelled, or its time is up.</summary>
    private void WaitNoLonger(ServiceCall call)
    {
        lock (_lock)
        {
            if (!_waiting.Remove(call)) return;
            _running.AddLast(call);
        }

        start(call);
    }

    /// <summary>All that run or wait now.</summary>
    public ServiceCall[] All()
    {
        lock (_lock) return [.. _running, .. _waiting];
    }

    /// <summary>Completes when all are answered.</summary>
    public Task IdleAsync()
    {
        lock (_lock)
        {
            if (_unanswered == 0) return Task.CompletedTask;
            if (_idle is null or { Task.IsCompleted: true }) _idle = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _idle.Task;
        }
    }
}
