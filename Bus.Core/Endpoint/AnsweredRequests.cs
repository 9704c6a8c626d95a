using Bus.Core.Messages;

namespace Bus.Core.Endpoint;

/// <summary>
/// What one responder has answered to requests with an id, so that a request which is sent again by the same caller gets the same answer and is not
/// handled twice. Bounded by time, count and bytes. Thread-safe.
/// </summary>
internal sealed class AnsweredRequests(TimeSpan window, int maximum, TimeProvider time)
{
    private const long MaxBytes = 16 * 1024 * 1024;

    private readonly Lock _lock = new();
    private readonly Dictionary<RequestKey, Answer> _answers = [];
    private readonly Queue<(RequestKey Key, long Since)> _keys = new();
    private long _bytes;

    public int Count
    {
        get
        {
            lock (_lock) return _answers.Count;
        }
    }

    /// <returns>The answer. Null: a request with this key was not answered within the window.</returns>
    public Answer? Find(RequestKey key)
    {
        lock (_lock)
        {
            Forget();
            return _answers.GetValueOrDefault(key);
        }
    }

    public void Remember(RequestKey key, Answer answer)
    {
        lock (_lock)
        {
            if (!_answers.TryAdd(key, answer)) return;
            _keys.Enqueue((key, time.GetTimestamp()));
            _bytes += key.Weight + answer.Weight;
            Forget();
        }
    }

    private void Forget()
    {
        while (_keys.TryPeek(out var oldest) && (_keys.Count > maximum || _bytes > MaxBytes || time.GetElapsedTime(oldest.Since) >= window))
        {
            _keys.Dequeue();
            _answers.Remove(oldest.Key, out var answer);
            _bytes -= oldest.Key.Weight + answer!.Weight;
        }
    }
}
