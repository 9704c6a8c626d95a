using System.Runtime.CompilerServices;
using Bus.Core.Client;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Internal;

namespace Bus.Core.Caching;

/// <summary>What a call has found.</summary>
internal enum CacheResult
{
    /// <summary>An answer.</summary>
    Hit,

    /// <summary>An equal call that is under way.</summary>
    Shared,

    /// <summary>Nothing.</summary>
    Miss,
}

/// <summary>
/// The answers of earlier calls of one bus, and the calls that are under way and that others may wait for. What is kept is bounded;
/// when there is no room, a part of it goes, what was not used for the longest time first. Nothing is allocated until it is used. Thread-safe.
/// </summary>
/// <param name="maxBytes">Of keys and answers together. Zero: nothing is kept, and calls are still shared.</param>
/// <param name="time">The clock of their age.</param>
internal sealed class ResponseCache(long maxBytes, TimeProvider time)
{
    // What an entry takes besides its bytes, about.
    private const int Overhead = 512;

    // Those that have kept something, as long as their buses are there.
    private static readonly ConditionalWeakTable<ResponseCache, object?> Used = [];

    private readonly Lock _lock = new();
    private readonly Dictionary<CacheKey, SharedCall> _underWay = [];
    private MemoryCache? _answers;
    private (long Hits, long Shared, long Misses) _count;

    /// <summary>What all caches of the process keep.</summary>
    public static (long Entries, long Bytes) Total()
    {
        var (entries, bytes) = (0L, 0L);
        foreach (var (cache, _) in Used)
        {
            var kept = cache.GetStatistics();
            (entries, bytes) = (entries + kept.Entries, bytes + kept.Bytes);
        }

        return (entries, bytes);
    }

    /// <summary>An answer that is young enough.</summary>
    /// <returns>Null: there is none.</returns>
    public BusMessage? Find(CacheKey key, TimeSpan maxAge)
    {
        lock (_lock)
        {
            if (_answers?.Get<Kept>(key) is not { } kept || time.GetElapsedTime(kept.Since) > maxAge) return null;
            _count.Hits++;
            return kept.Answer;
        }
    }

    /// <summary>An answer; or the call that others wait for already, or a new one, and who gets that has to <see cref="Leave"/> it.</summary>
    /// <param name="key">What is asked.</param>
    /// <param name="maxAge">How old an answer may be, and how long a new one is kept.</param>
    /// <param name="call">Calls. Its token is cancelled when nobody waits any more.</param>
    public (CacheResult Result, BusMessage? Answer, SharedCall? Call) Enter(CacheKey key, TimeSpan maxAge, Func<CancellationToken, Task<BusMessage>> call)
    {
        SharedCall? shared;
        lock (_lock)
        {
            if (Find(key, maxAge) is { } known) return (CacheResult.Hit, known, null);
            if (_underWay.TryGetValue(key, out shared))
            {
                _count.Shared++;
                shared.Waiting++;
                return (CacheResult.Shared, null, shared);
            }

            _count.Misses++;
            _underWay[key] = shared = new SharedCall(key, maxAge);
        }

        _ = RunAsync(shared, call);
        return (CacheResult.Miss, null, shared);
    }

    /// <summary>Somebody waits no longer. The last one ends the call.</summary>
    public void Leave(SharedCall call)
    {
        lock (_lock)
        {
            if (--call.Waiting > 0 || call.Answer.IsCompleted) return;
            Forget(call);
            call.Abandon();
        }
    }

    /// <summary>Forgets answers, also those that are still to come: who calls from now on calls anew.</summary>
    /// <returns>How many were kept.</returns>
    public int Clear(TopicFilters? filters)
    {
        lock (_lock)
        {
            foreach (var call in _underWay.Values.Where(call => IsMatch(call.Key)).ToArray()) Forget(call);
            var cleared = _answers?.Keys.Cast<CacheKey>().Where(IsMatch).ToArray() ?? [];
            foreach (var key in cleared) _answers!.Remove(key);
            return cleared.Length;
        }

        bool IsMatch(CacheKey key) => filters is null || filters.Any(filter => Topic.Matches(filter, key.Topic));
    }

    public ResponseCacheStatistics GetStatistics()
    {
        lock (_lock)
        {
            var (entries, bytes) = _answers?.GetCurrentStatistics() is { } now ? (now.CurrentEntryCount, now.CurrentEstimatedSize ?? 0) : default;
            return new ResponseCacheStatistics { Hits = _count.Hits, Shared = _count.Shared, Misses = _count.Misses, UnderWay = _underWay.Count, Entries = entries, Bytes = bytes };
        }
    }

    private async Task RunAsync(SharedCall shared, Func<CancellationToken, Task<BusMessage>> call)
    {
        using var _ = shared;
        try
        {
            var answer = await call(shared.Abandoned);
            // Kept before it is no longer under way, so that nobody finds neither.
            lock (_lock)
            {
                if (shared.IsShared) Keep(shared, answer);
                Forget(shared);
                shared.End(answer);
            }
        }
        catch (Exception e)
        {
            lock (_lock)
            {
                Forget(shared);
                shared.End(e);
            }
        }
    }

    private void Forget(SharedCall call)
    {
        if (!call.IsShared) return;
        call.IsShared = false;
        _underWay.Remove(call.Key);
    }

    private void Keep(SharedCall call, BusMessage answer)
    {
        var size = call.Key.Size + answer.Size + Overhead;
        // It would only drive others out.
        if (size > maxBytes) return;
        if (_answers is null)
        {
            _answers = new MemoryCache(new MemoryCacheOptions { SizeLimit = maxBytes, TrackStatistics = true, Clock = new Clock(time) });
            Used.Add(this, value: null);
        }

        _answers.Set(call.Key, new Kept(answer, time.GetTimestamp()), new MemoryCacheEntryOptions { Size = size, AbsoluteExpirationRelativeToNow = call.MaxAge });
    }

    private sealed record Kept(BusMessage Answer, long Since);

    /// <summary>Runs on when somebody sets the clock of the machine.</summary>
    private sealed class Clock(TimeProvider time) : ISystemClock
    {
        public DateTimeOffset UtcNow => DateTimeOffset.UnixEpoch + time.GetElapsedTime(0);
    }
}
