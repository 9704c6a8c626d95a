using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Bus.Core.Endpoint;

/// <summary>Runs the user's event handlers on the pool, one after the other and never in an actor's turn. Thread-safe.</summary>
internal sealed class SerialEvents(ILogger log) : IThreadPoolWorkItem
{
    private readonly ConcurrentQueue<Action> _queue = new();
    private int _count;

    public void Raise(Action handler)
    {
        _queue.Enqueue(handler);
        if (Interlocked.Increment(ref _count) == 1) ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    void IThreadPoolWorkItem.Execute()
    {
        do
        {
            _queue.TryDequeue(out var handler);
            try
            {
                handler!();
            }
            catch (Exception e)
            {
                BusLog.EventHandlerFailed(log, e);
            }
        }
        while (Interlocked.Decrement(ref _count) > 0);
    }
}
