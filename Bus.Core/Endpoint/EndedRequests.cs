namespace Bus.Core.Endpoint;

/// <summary>
/// What requests were about that ended without a reply, by their tokens: whoever hears of a late reply wants to know which request it was for. Only of the last ones, so that those
/// that are never answered cost no more. Not thread-safe.
/// </summary>
internal sealed class EndedRequests
{
    public const int Max = 1024;

    private readonly Dictionary<ulong, string> _topics = [];
    private readonly Queue<ulong> _order = new();

    public void Add(RequestCommand request)
    {
        if (!_topics.TryAdd(request.Token, request.Topic)) return;
        _order.Enqueue(request.Token);
        if (_order.Count > Max) _topics.Remove(_order.Dequeue());
    }

    /// <summary>The topic that the request was sent to. Null: nobody remembers.</summary>
    public string? TopicOf(ulong token) => _topics.GetValueOrDefault(token);
}
