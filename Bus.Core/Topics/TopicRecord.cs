using Bus.Core.Messages;
using Bus.Core.Routing;
using Bus.Core.State;

namespace Bus.Core.Topics;

/// <summary>
/// What is known of one subscribed filter and outlives a crash of its topic actor: the subscribers, written by the topic
/// manager, and the batch whose fan-out a failure interrupted, handed from the failed incarnation to the next.
/// </summary>
internal sealed class TopicRecord(byte[] filter, BusEnvironment environment)
{
    private MemberList _members;
    private SubscriberSet _current = SubscriberSet.Empty;
    private SubscriberSet? _first;

    public byte[] Filter => filter;

    public BusEnvironment Environment => environment;

    /// <summary>The way to the topic actor. Null until the filter is published for the first time: the actor then begins with its subscribers.</summary>
    public TopicRoute? Route { get; private set; }

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
        _members.Add(subscriber);
        if (Route is not null) subscriber.Topic = Route.Topic;
    }

    public ReadOnlySpan<Subscriber> Members => _members.Span;

    public bool Remove(Subscriber subscriber) => _members.Remove(subscriber);

    public SubscriberSet PublishMembers()
    {
        var set = SubscriberSet.From(_members.Span);
        Volatile.Write(ref _current, set);
        return set;
    }

    /// <summary>The topic actor is about to be made, with these subscribers.</summary>
    public void BeginWith(SubscriberSet set) => Volatile.Write(ref _first, set);

    /// <summary>Gives the record and its members the topic actor that was made.</summary>
    public void Introduce(TopicRoute route)
    {
        Route = route;
        foreach (var subscriber in _members.Span) subscriber.Topic = route.Topic;
    }

    /// <summary>
    /// With whom an incarnation of the topic actor begins. The first one with those it was made for, and not with who came while it was not yet running: they must not
    /// get what was published before them. A later one with the last that were published.
    /// </summary>
    public SubscriberSet TakeSubscribers() => Interlocked.Exchange(ref _first, null) ?? Volatile.Read(ref _current);
}
