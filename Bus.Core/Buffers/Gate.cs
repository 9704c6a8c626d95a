using System.Threading.Tasks.Sources;

namespace Bus.Core.Buffers;

/// <summary>
/// A counter that one waiter can wait on until it is at or below a limit. It is the only thing that a producer shares
/// with the actors behind it besides messages: as credit (bytes in flight, limit = the window) and as fence
/// (registrations that are not yet visible, limit = 0). Counting is thread-safe; only one waiter at a time.
/// </summary>
internal sealed class Gate(long limit) : IValueTaskSource
{
    // Continuations run on the pool: the last one through the gate is an actor in its turn, which must not run a reader.
    private ManualResetValueTaskSourceCore<bool> _signal = new() { RunContinuationsAsynchronously = true };
    private long _count;
    private int _waiting;
    private volatile bool _aborted;

    /// <summary>What is counted now.</summary>
    public long Count => Volatile.Read(ref _count);

    public bool IsOpen => _aborted || Volatile.Read(ref _count) <= limit;

    public void Enter(long amount = 1) => Interlocked.Add(ref _count, amount);

    public void Leave(long amount = 1)
    {
        if (Interlocked.Add(ref _count, -amount) <= limit) Wake();
    }

    /// <summary>Lets the waiter through for good: whatever it waited for will not come any more.</summary>
    public void Abort()
    {
        _aborted = true;
        Wake();
    }

    public ValueTask WaitAsync()
    {
        if (IsOpen) return ValueTask.CompletedTask;
        _signal.Reset();
        // A full fence between "I wait" and the second look: a Leave in between either sees the waiter or was seen by us.
        Interlocked.Exchange(ref _waiting, 1);
        if (IsOpen && Interlocked.Exchange(ref _waiting, 0) == 1) return ValueTask.CompletedTask;
        return new ValueTask(this, _signal.Version);
    }

    private void Wake()
    {
        if (Volatile.Read(ref _waiting) == 1 && Interlocked.Exchange(ref _waiting, 0) == 1) _signal.SetResult(true);
    }

    void IValueTaskSource.GetResult(short token) => _signal.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _signal.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _signal.OnCompleted(continuation, state, token, flags);
}
