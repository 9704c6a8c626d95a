using Bus.Core.Endpoint;

namespace Bus.Transport.Client;

/// <summary>
/// What is asked of a client while it has no connection, in that order: messages, requests, subscriptions. Messages are bounded
/// by its budget and by age; requests by their callers, who wait for them. Owned by the endpoint actor.
/// </summary>
internal sealed class OfflineQueue(OfflineOptions options, EndpointLink link, TimeProvider time)
{
    // Requests that have ended are taken out when there are twice as many as the last time: each is looked at a few times at most.
    private const int FirstPrune = 64;

    private readonly LinkedList<object> _items = [];
    private readonly OfflineBudget _budget = link.Offline!;
    private int _requests;
    private int _pruneAt = FirstPrune;

    public void Add(OfflineMessage message)
    {
        _items.AddLast(message);
        DropExpired();
    }

    /// <summary>Keeps the messages of a batch that was on its way when the connection broke, or that may push others out.</summary>
    public void Add(OutgoingBatch batch)
    {
        batch.Seal();
        for (var i = 0; i < batch.Count; i++)
        {
            ref readonly var entry = ref batch[i];
            var length = entry.BodyOffset + entry.BodyLength - entry.TopicOffset;
            var message = new OfflineMessage(batch.Slab.Bytes.AsSpan(entry.TopicOffset, length), entry.TopicLength, entry.ReplyLength, entry.HeaderLength, time.GetTimestamp(), _budget);
            _budget.Reserve(message.Weight);
            _items.AddLast(message);
            // What was on its way is kept in any case when nothing may be dropped: it is at most a window of it.
            if (options.Overflow != OfflineOverflow.Fail) DropExceeding();
        }

        batch.Return();
        DropExpired();
    }

    public void Add(RequestCommand request)
    {
        _items.AddLast(request);
        if (++_requests >= _pruneAt) Prune();
    }

    /// <summary>A request that was sent already, before all that is here.</summary>
    public void AddFirst(RequestCommand request)
    {
        _items.AddFirst(request);
        _requests++;
    }

    /// <summary>A subscription that takes effect behind what was published before it.</summary>
    public void Add(SubscriptionCore subscription) => _items.AddLast(subscription);

    /// <summary>Takes the next one out. Requests that have ended and messages that are too old are passed over.</summary>
    public bool TryTake(out object item)
    {
        DropExpired();
        while (_items.First is { } first)
        {
            _items.RemoveFirst();
            item = first.Value;
            if (item is not RequestCommand request) return true;
            _requests--;
            if (!request.IsCancelled) return true;
            request.ReturnMessage();
        }

        _pruneAt = FirstPrune;
        item = null!;
        return false;
    }

    /// <summary>There will be no next connection.</summary>
    public void Clear()
    {
        foreach (var item in _items)
        {
            if (item is OfflineMessage message) message.Release();
            else if (item is RequestCommand request) request.ReturnMessage();
        }

        _items.Clear();
    }

    private void DropExceeding()
    {
        while (_budget.IsExceeded && FindMessage(options.Overflow == OfflineOverflow.DropNewest) is { } node) Drop(node, "too many messages wait for a connection");
    }

    private void DropExpired()
    {
        if (options.MaxAge is not { } age) return;
        while (FindMessage(newest: false) is { } node && time.GetElapsedTime(((OfflineMessage)node.Value).Since) > age) Drop(node, $"it waited for a connection for more than {age.TotalSeconds:0.###} s");
    }

    private LinkedListNode<object>? FindMessage(bool newest)
    {
        var node = newest ? _items.Last : _items.First;
        while (node is not null and not { Value: OfflineMessage }) node = newest ? node.Previous : node.Next;
        return node;
    }

    private void Drop(LinkedListNode<object> node, string reason)
    {
        var message = (OfflineMessage)node.Value;
        _items.Remove(node);
        message.Release();
        var topic = message.TopicText;
        link.Dropped(topic, $"A message to '{topic}' was dropped: {reason}.");
    }

    private void Prune()
    {
        for (var node = _items.First; node is not null;)
        {
            var next = node.Next;
            if (node.Value is RequestCommand { IsCancelled: true } request)
            {
                request.ReturnMessage();
                _items.Remove(node);
                _requests--;
            }

            node = next;
        }

        _pruneAt = Math.Max(FirstPrune, _requests * 2);
    }
}
