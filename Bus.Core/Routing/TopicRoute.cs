using System.Text;

namespace Bus.Core.Routing;

/// <summary>A subscribed filter in the routing table: the way from a topic to the topic actor.</summary>
internal sealed class TopicRoute
{
    private string[] _queueNames = [];

    public TopicRoute(string filter, IActorRef topic)
        : this(Encoding.UTF8.GetBytes(filter), topic)
    {
    }

    public TopicRoute(byte[] filter, IActorRef topic)
    {
        Filter = filter;
        Topic = topic;
        IsLiteral = !Bus.Core.Topic.HasWildcard(Filter);
    }

    public byte[] Filter { get; }

    public IActorRef Topic { get; }

    public bool IsLiteral { get; }

    /// <summary>The queue groups that subscribe to this filter. Written by the topic manager, which bumps the generation after it.</summary>
    public string[] QueueNames
    {
        get => Volatile.Read(ref _queueNames);
        set => Volatile.Write(ref _queueNames, value);
    }
}
