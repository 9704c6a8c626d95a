using System.Text;

namespace Bus.Core.Routing;

/// <summary>What holds for a topic that is declared, or that should be. Read by everybody, changed by the topic manager.</summary>
internal sealed class TopicRule
{
    /// <summary>For all topics that are not declared, where only declared ones may be used.</summary>
    public static readonly TopicRule Undeclared = new("", new TopicPolicy());

    private int _subscribers;

    public TopicRule(string name, TopicPolicy policy)
    {
        (Name, Policy) = (name, policy);
        Filter = Encoding.UTF8.GetBytes(name);
        Place = new TopicRoute(Filter, ActorRefs.Nobody);
    }

    public string Name { get; }

    public byte[] Filter { get; }

    public TopicPolicy Policy { get; }

    /// <summary>The bus was started with it: it cannot be deleted.</summary>
    public bool IsFixed { get; init; }

    /// <summary>Where it stands in the trie of the rules.</summary>
    public TopicRoute Place { get; }

    /// <summary>Subscriptions whose filters lie within it. Written by the topic manager.</summary>
    public int Subscribers
    {
        get => Volatile.Read(ref _subscribers);
        set => Volatile.Write(ref _subscribers, value);
    }

    /// <summary>Why a message with this many bytes may not be published. Null: it may.</summary>
    public TopicRefusal? Refuse(int size)
    {
        if (ReferenceEquals(this, Undeclared)) return TopicRefusal.NotDeclared;
        return size > Policy.MaxPayload ? TopicRefusal.IsTooLarge(this, size) : null;
    }
}
