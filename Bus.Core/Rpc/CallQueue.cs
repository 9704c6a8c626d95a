namespace Bus.Core.Rpc;

/// <summary>
/// The calls of one instance that run, and those that wait for their turn. A call that comes from one of them never waits: otherwise a service that calls itself through
/// another could wait for itself for ever. Thread-safe.
/// </summary>
internal sealed class CallQueue(int maxRunning, int maxWaiting)
{
    private readonly Lock _lock = new();
    private readonly LinkedList<ServiceCall> _running = [];
    private readonly Queue<ServiceCall> _waiting = new();
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

    /// <returns>Whether it is taken.</returns>
    /// <param name="call">The call.</param>
    /// <param name="start">Called when it may run: now, or when another has ended.</param>
    public bool TryEnter(ServiceCall call, Action<ServiceCall> start)
    {
        lock (_lock)
        {
            if (_running.Count >= maxRunning && !call.IsNested)
            {
                if (_waiting.Count >= maxWaiting) return false;
                _waiting.Enqueue(call);
                _unanswered++;
                return true;
            }

            _running.AddLast(call);
            _unanswered++;
        }

        start(call);
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
    public void Leave(ServiceCall call, Action<ServiceCall> start)
    {
        ServiceCall? next = null;
        lock (_lock)
        {
            _running.Remove(call);
            if (_running.Count < maxRunning && _waiting.TryDequeue(out next)) _running.AddLast(next);
        }

        if (next is not null) start(next);
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
