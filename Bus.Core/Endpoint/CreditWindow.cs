namespace Bus.Core.Endpoint;

/// <summary>
/// The bytes that callers may have on their way through one endpoint. Above the limit publishers wait, first come, first
/// served, until subscribers have taken enough of it. Thread-safe.
/// </summary>
/// <remarks>
/// Two rules keep it from ever hanging. In process, whoever publishes while it consumes messages of the same bus does not
/// wait (<see cref="ConsumerContext"/>): the credit it would wait for may be held by its own backlog. And when nothing at all
/// moves for <see cref="Patience"/>, the first in line goes ahead.
/// </remarks>
internal sealed class CreditWindow(long limit, TimeProvider time) : IDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private readonly LinkedList<Waiter> _waiters = new();
    private long _limit = limit;
    private long _resume = limit;
    private long _count;
    private int _waiting;
    private bool _moved;
    private ITimer? _timer;
    private Exception? _closed;

    public long Limit => Volatile.Read(ref _limit);

    /// <summary>Bytes on their way now.</summary>
    public long Count => Volatile.Read(ref _count);

    /// <summary>Sets another limit. Who has to wait then goes on at <paramref name="resume"/>: less than the limit, so that one wait makes room for many messages.</summary>
    public void Resize(long limit, long resume)
    {
        Volatile.Write(ref _resume, resume);
        Volatile.Write(ref _limit, limit);
        Serve();
    }

    /// <summary>Counts without asking: for what must not wait (replies, requests, batches made of what was counted).</summary>
    public void Enter(long bytes) => Interlocked.Add(ref _count, bytes);

    /// <summary>Counts if there is room and nobody waits.</summary>
    public bool TryEnter(long bytes)
    {
        if (Volatile.Read(ref _waiting) != 0 || Volatile.Read(ref _count) > Volatile.Read(ref _limit)) return false;
        Enter(bytes);
        return true;
    }

    /// <summary>Counts as soon as there is room.</summary>
    public async ValueTask EnterAsync(long bytes, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var waiter = new Waiter(bytes);
        lock (_lock)
        {
            if (_closed is not null) throw _closed;
            _waiters.AddLast(waiter.Node);
            Volatile.Write(ref _waiting, _waiters.Count);
            _timer ??= time.CreateTimer(_ => Hurry(), null, Patience, Patience);
        }

        // Room may have come between the caller's look and the entry in the list.
        Serve();
        await using var registration = cancellationToken.UnsafeRegister(static (state, token) => ((Waiter)state!).TrySetCanceled(token), waiter);
        try
        {
            await waiter.Task;
        }
        catch
        {
            Remove(waiter);
            throw;
        }
    }

    public void Leave(long bytes)
    {
        Interlocked.Add(ref _count, -bytes);
        if (Volatile.Read(ref _waiting) != 0) Serve();
    }

    /// <summary>Lets all who wait fail; with <paramref name="forGood"/> also those who come later.</summary>
    public void Fail(Exception error, bool forGood)
    {
        Waiter[] failed;
        lock (_lock)
        {
            if (forGood) _closed = error;
            failed = [.. _waiters];
        }

        foreach (var waiter in failed) waiter.TrySetException(error);
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _timer?.Dispose();
            _timer = null;
        }
    }

    private void Serve()
    {
        while (true)
        {
            lock (_lock)
            {
                _moved = true;
                if (_waiters.First is not { } first || Volatile.Read(ref _count) > Volatile.Read(ref _resume)) return;
                Admit(first.Value);
            }
        }
    }

    private void Hurry()
    {
        lock (_lock)
        {
            if (!_moved && _waiters.First is { } first) Admit(first.Value);
            _moved = false;
            if (_waiters.Count > 0) return;
            _timer?.Dispose();
            _timer = null;
        }
    }

    private void Admit(Waiter waiter)
    {
        _waiters.Remove(waiter.Node);
        Volatile.Write(ref _waiting, _waiters.Count);
        // Counted first: whoever waited may go on, and leave again, before this thread does.
        Enter(waiter.Bytes);
        if (!waiter.TrySetResult()) Interlocked.Add(ref _count, -waiter.Bytes);
    }

    private void Remove(Waiter waiter)
    {
        lock (_lock)
        {
            if (waiter.Node.List is null) return;
            _waiters.Remove(waiter.Node);
            Volatile.Write(ref _waiting, _waiters.Count);
        }
    }

    private sealed class Waiter : TaskCompletionSource
    {
        public Waiter(long bytes)
            : base(TaskCreationOptions.RunContinuationsAsynchronously)
        {
            Bytes = bytes;
            Node = new LinkedListNode<Waiter>(this);
        }

        public long Bytes { get; }

        public LinkedListNode<Waiter> Node { get; }
    }
}
