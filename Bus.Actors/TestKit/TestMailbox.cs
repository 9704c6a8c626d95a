#nullable disable

using System.Diagnostics.CodeAnalysis;

namespace Bus.Actors.TestKit;

/// <summary>
/// The messages of a test actor on their way to the test: one writer (the actor), one reader (the test). The semaphore counts what is queued,
/// so that a test can wait for a message with or without blocking a thread.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "SemaphoreSlim holds nothing to dispose as long as its wait handle is not used")]
internal sealed class TestMailbox
{
    private readonly Lock _gate = new();
    private readonly Queue<Received> _queue = new();
    private readonly SemaphoreSlim _available = new(0);
    private Func<object, bool> _ignore;
    private Received _last;

    public bool HasMessages
    {
        get
        {
            lock (_gate) return _queue.Count > 0;
        }
    }

    /// <summary>What the test took last; default before that.</summary>
    public Received Last
    {
        get
        {
            lock (_gate) return _last;
        }
    }

    public void IgnoreMessages(Func<object, bool> ignore)
    {
        lock (_gate) _ignore = ignore;
    }

    public void Add(Received received)
    {
        lock (_gate)
        {
            if (_ignore is not null && _ignore(received.Message)) return;
            _queue.Enqueue(received);
        }

        _available.Release();
    }

    public Received? Take(TimeSpan max, CancellationToken cancellationToken) =>
        _available.Wait(max, cancellationToken) ? Dequeue() : null;

    public async ValueTask<Received?> TakeAsync(TimeSpan max, CancellationToken cancellationToken) =>
        await _available.WaitAsync(max, cancellationToken) ? Dequeue() : null;

    private Received Dequeue()
    {
        lock (_gate) return _last = _queue.Dequeue();
    }
}
