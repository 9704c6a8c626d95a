using Bus.Core.Client;

namespace Bus.Core.Caching;

/// <summary>A call that is under way, and those who wait for its answer. Its members are used under the lock of the cache, but for <see cref="Answer"/>.</summary>
internal sealed class SharedCall(CacheKey key, TimeSpan maxAge) : IDisposable
{
    private readonly TaskCompletionSource<BusMessage> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _end = new();

    public CacheKey Key => key;

    /// <summary>How long its answer is kept.</summary>
    public TimeSpan MaxAge => maxAge;

    /// <summary>The answer, or the error.</summary>
    public Task<BusMessage> Answer => _answer.Task;

    /// <summary>Cancelled when nobody waits any more.</summary>
    public CancellationToken Abandoned => _end.Token;

    public int Waiting { get; set; } = 1;

    /// <summary>Whether its answer may be given to others: not if it was cleared away meanwhile.</summary>
    public bool IsShared { get; set; } = true;

    public void Abandon() => _ = _end.CancelAsync();

    public void End(BusMessage answer) => _answer.SetResult(answer);

    public void End(Exception error)
    {
        _answer.SetException(error);
        // Perhaps nobody is left who looks at it.
        _ = _answer.Task.Exception;
    }

    public void Dispose() => _end.Dispose();
}
