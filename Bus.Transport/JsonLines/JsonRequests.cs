using System.Globalization;
using Bus.Core;

namespace Bus.Transport.JsonLines;

/// <summary>The requests of one client that wait for their answers, each for a limited time. Single-threaded, but for the timer, which only calls back.</summary>
internal sealed class JsonRequests : IDisposable
{
    private const int Most = 32_768;
    private const int KeptDeadlines = 1024;

    // A timer that is finer costs a wake-up for each of many requests.
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(10);

    private readonly Dictionary<long, (JsonRequest Request, long Deadline)> _waiting = [];
    private readonly PriorityQueue<long, long> _deadlines = new();
    private readonly NumberCipher _cipher = new();
    private readonly string _prefix = $"_INBOX.{RandomName.Hex(20)}.";
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private long _last;
    private long _due = long.MaxValue;

    /// <param name="time">The clock.</param>
    /// <param name="due">Called, on any thread, when <see cref="TakeExpired"/> may have something.</param>
    public JsonRequests(TimeProvider time, Action due)
    {
        _time = time;
        _timer = time.CreateTimer(_ => due(), state: null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public int Count => _waiting.Count;

    public bool IsFull => _waiting.Count >= Most;

    /// <summary>Those that wait for the bus alone, which answers them in any case.</summary>
    public int Confirms { get; private set; }

    /// <summary>Where all answers come to.</summary>
    public string Filter => $"{_prefix}*";

    /// <returns>Where its answer is to be sent.</returns>
    public string Add(JsonRequest request)
    {
        var (token, deadline) = (++_last, _time.GetTimestamp() + (long)(request.Timeout.TotalSeconds * _time.TimestampFrequency));
        _waiting.Add(token, (request, deadline));
        request.Token = token;
        if (request.IsConfirm) Confirms++;
        _deadlines.Enqueue(token, deadline);
        Prune();
        if (deadline < _due) Start(deadline);
        return string.Create(CultureInfo.InvariantCulture, $"{_prefix}{Sealed(token):x}");
    }

    /// <summary>It waits on, for so long.</summary>
    public void Renew(JsonRequest request, TimeSpan time)
    {
        var deadline = _time.GetTimestamp() + (long)(time.TotalSeconds * _time.TimestampFrequency);
        _waiting[request.Token] = (request, deadline);
        _deadlines.Enqueue(request.Token, deadline);
        Prune();
        if (deadline < _due) Start(deadline);
    }

    /// <summary>Nothing is waited for any more.</summary>
    /// <returns>Whether it was.</returns>
    public bool Remove(JsonRequest request) => Remove(request.Token) is not null;

    /// <summary>The one to which an answer has come.</summary>
    /// <returns>Null when it is late.</returns>
    public JsonRequest? Find(string topic) =>
        topic.StartsWith(_prefix, StringComparison.Ordinal) && UInt128.TryParse(topic.AsSpan(_prefix.Length), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var given) && given == Sealed((long)(given >> 64))
            ? _waiting.GetValueOrDefault((long)(given >> 64)).Request
            : null;

    /// <summary>Those that have reached nobody, in the order in which they were made.</summary>
    public IEnumerable<JsonRequest> OfNobody() => _waiting.Values.Select(waiting => waiting.Request).Where(request => request.HasReachedNobody).OrderBy(request => request.Token);

    /// <summary>Those that were asked with an id, and wait for somebody else than the bus.</summary>
    public IReadOnlyList<JsonRequest> FindAll(ReadOnlyMemory<byte> id) =>
        [.. _waiting.Values.Select(waiting => waiting.Request).Where(request => !request.IsConfirm && request.Id is { } known && id.Span.SequenceEqual(known))];

    /// <summary>The one whose message the bus has just refused.</summary>
    public JsonRequest? TakeRefused(string wireTopic)
    {
        var (token, found) = _waiting.Where(waiting => waiting.Value.Request.WireTopic == wireTopic).OrderBy(waiting => waiting.Key).FirstOrDefault();
        return found.Request is null ? null : Remove(token);
    }

    /// <summary>Those whose time is up.</summary>
    public IReadOnlyList<JsonRequest> TakeExpired()
    {
        var expired = new List<JsonRequest>();
        var now = _time.GetTimestamp();
        while (_deadlines.TryPeek(out var token, out var deadline) && (deadline <= now || !IsOf(token, deadline)))
        {
            _deadlines.Dequeue();
            // What waits on has another deadline, further back.
            if (IsOf(token, deadline) && Remove(token) is { } request) expired.Add(request);
        }

        _due = long.MaxValue;
        if (_deadlines.TryPeek(out _, out var next)) Start(next);
        return expired;
    }

    public void Dispose() => _timer.Dispose();

    /// <summary>A token as others see it: whoever answers one request is not to answer its neighbours.</summary>
    private UInt128 Sealed(long token) => new((ulong)token, _cipher.Of((ulong)token));

    private bool IsOf(long token, long deadline) => _waiting.TryGetValue(token, out var waiting) && waiting.Deadline == deadline;

    private JsonRequest? Remove(long token)
    {
        if (!_waiting.Remove(token, out var waiting)) return null;
        if (waiting.Request.IsConfirm) Confirms--;
        return waiting.Request;
    }

    /// <summary>Those that were answered stay in the queue: not for a day, if that was their time.</summary>
    private void Prune()
    {
        if (_deadlines.Count <= KeptDeadlines + (2 * _waiting.Count)) return;
        _deadlines.Clear();
        _deadlines.EnqueueRange(_waiting.Select(waiting => (waiting.Key, waiting.Value.Deadline)));
    }

    private void Start(long deadline)
    {
        _due = deadline;
        var left = _time.GetElapsedTime(_time.GetTimestamp(), deadline);
        _timer.Change(left < Tick ? Tick : left, Timeout.InfiniteTimeSpan);
    }
}
