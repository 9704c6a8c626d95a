using Bus.Core.Messages;
using Bus.Core.Routing;

namespace Bus.Core.Topics;

/// <summary>
/// What is known of one subscribed filter and outlives a crash of its topic actor: the subscribers, written by the topic
/// manager, and the batch whose fan-out a failure interrupted, handed from the failed incarnation to the next.
/// </summary>
internal sealed class TopicRecord(string filter)
{
    private readonly List<Subscriber> _members = [];
    private SubscriberSet _current = SubscriberSet.Empty;

    public string Filter => filter;

    /// <summary>The subscribers as last published. Read by the topic actor's constructor.</summary>
    public SubscriberSet Current => Volatile.Read(ref _current);

    public IActorRef Actor { get; set; } = ActorRefs.Nobody;

    public TopicRoute Route { get; set; } = null!;

    /// <summary>Whether the route is in the routing table now. Topic manager only.</summary>
    public bool IsRouted { get; set; }

    /// <summary>Whether the members changed since the last publication. Topic manager only.</summary>
    public bool IsDirty { get; set; }

    /// <summary>When the last subscriber left, as a timestamp of the clock. Topic manager only.</summary>
    public long EmptySince { get; set; }

    /// <summary>The batch that was being told when the topic actor failed.</summary>
    public PublishBatch? Interrupted { get; set; }

    public void Add(Subscriber subscriber)
    {
        subscriber.Slot = _members.Count;
        _members.Add(subscriber);
    }

    /// <summary>Swaps the last one into the place of the one that leaves: order means nothing here, and 100,000 may leave at once.</summary>
    public bool Remove(Subscriber subscriber)
    {
        var slot = subscriber.Slot;
        if (slot < 0 || slot >= _members.Count || !ReferenceEquals(_members[slot], subscriber)) return false;
        var last = _members[^1];
        _members[slot] = last;
        last.Slot = slot;
        _members.RemoveAt(_members.Count - 1);
        subscriber.Slot = -1;
        return true;
    }

    public SubscriberSet PublishMembers()
    {
        var set = SubscriberSet.From(_members);
        Volatile.Write(ref _current, set);
        return set;
    }
}
