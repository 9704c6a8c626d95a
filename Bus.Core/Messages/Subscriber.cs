using System.Text;

namespace Bus.Core.Messages;

/// <summary>
/// One subscription, as the topics know it: who is told, for which filter, as a member of which queue group. Each kind of
/// recipient derives its own and keeps there what it needs on delivery (a connection its sid), so that nothing has to be
/// looked up per message. The object is the identity of the subscription.
/// </summary>
internal abstract class Subscriber(IActorRef recipient, byte[] filter, string? queue)
{
    private long _maximum;

    // A byte finds room beside the others: there may be 100,000 of these.
    private byte _whenSlow;

    protected Subscriber(IActorRef recipient, string filter, string? queue)
        : this(recipient, Encoding.UTF8.GetBytes(filter), queue)
    {
    }

    public IActorRef Recipient { get; } = recipient;

    /// <summary>The filter as it goes over the wire: kept once, for the routing table and the tables of the topics too.</summary>
    public byte[] Utf8Filter { get; } = filter;

    /// <summary>The filter as text, made anew at each call.</summary>
    public string Filter => Encoding.UTF8.GetString(Utf8Filter);

    /// <summary>The queue group it is a member of. Null: it gets every message.</summary>
    public string? Queue { get; } = queue;

    /// <summary>It only listens in: it gets every message, and counts as nobody who does.</summary>
    public bool IsTap { get; } = SystemTopics.IsTap(queue);

    /// <summary>The connection it belongs to.</summary>
    public required object Origin { get; init; }

    /// <summary>Whether it gets what its own connection publishes.</summary>
    public bool Echo { get; init; } = true;

    /// <summary>What the bus does when its messages are not taken in time. Written by the topic manager, read by the recipient.</summary>
    public SlowSubscriberAction WhenSlow
    {
        get => (SlowSubscriberAction)Volatile.Read(ref _whenSlow);
        set => Volatile.Write(ref _whenSlow, (byte)value);
    }

    /// <summary>
    /// After how many messages the subscription ends; 0 = never. Written by its owner at any time, read by the topic actor,
    /// which counts for queue members, so that a message is never picked for one that has had its share.
    /// </summary>
    public long Maximum
    {
        get => Volatile.Read(ref _maximum);
        set => Volatile.Write(ref _maximum, value);
    }

    /// <summary>Messages picked for this queue member so far. Owned by the topic actor; it lives here so that a restart keeps it.</summary>
    public long Picked { get; set; }

    /// <summary>The topic actor of its filter. Set by the topic manager before anything is delivered.</summary>
    public IActorRef Topic { get; set; } = ActorRefs.Nobody;

    /// <summary>Place in the manager's list of the filter's subscribers. Owned by the topic manager.</summary>
    public int Slot { get; set; } = -1;
}
