namespace Bus.Core.Endpoint;

/// <summary>
/// What one responder has answered to requests with an id, so that a request which is sent again gets the same answer and is not
/// handled twice. Bounded by time, count and bytes. Thread-safe.
/// </summary>
internal sealed class AnsweredRequests(TimeSpan window, int maximum, TimeProvider time)
{
    private const long MaxBytes = 16 * 1024 * 1024;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Answer> _answers = new(StringComparer.Ordinal);
    private readonly Queue<(string Id, long Since)> _ids = new();
    private long _bytes;

    public int Count
    {
        get
        {
            lock (_lock) return _answers.Count;
        }
    }

    /// <returns>The answer. Null: a request with this id was not answered within the window.</returns>
    public Answer? Find(string id)
    {
        lock (_lock)
        {
            Forget();
            return _answers.GetValueOrDefault(id);
        }
    }

    public void Remember(string id, Answer answer)
    {
        lock (_lock)
        {
            if (!_answers.TryAdd(id, answer)) return;
            _ids.Enqueue((id, time.GetTimestamp()));
            _bytes += answer.Weight;
            Forget();
        }
    }

    private void Forget()
    {
        while (_ids.TryPeek(out var oldest) && (_ids.Count > maximum || _bytes > MaxBytes || time.GetElapsedTime(oldest.Since) >= window))
        {
            _ids.Dequeue();
            _answers.Remove(oldest.Id, out var answer);
            _bytes -= answer!.Weight;
        }
    }
}
