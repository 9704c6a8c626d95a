using Bus.Core.Messages;

namespace Bus.Core.Routing;

/// <summary>One topic actor as one producer sees it: the way there, and the batch it is filling for it.</summary>
internal sealed class RouteTarget(TopicRoute route)
{
    public TopicRoute Route { get; private set; } = route;

    /// <summary>The batch that is being filled. Null between two flushes.</summary>
    public PublishBatch? Open { get; set; }

    /// <summary>In which count of fences the topic actor was told something last.</summary>
    public long TouchedIn { get; set; } = -1;

    /// <summary>Makes it one for another topic actor.</summary>
    public void Redirect(TopicRoute other)
    {
        Route = other;
        TouchedIn = -1;
    }
}

/// <summary>A queue name that several matching filters share: one of them serves it, message by message.</summary>
/// <param name="Name">The queue group's name.</param>
/// <param name="Targets">Indexes of the targets that have it.</param>
internal sealed record SharedQueue(string Name, int[] Targets)
{
    /// <summary>Whose turn it is. Each name of each topic has its own: with a common one, alternating topics would send a name to one target for ever.</summary>
    public uint Turn { get; set; }

    /// <summary>The target that serves the next message.</summary>
    public int Next => Targets[Turn % (uint)Targets.Length];
}

/// <summary>What a topic leads to, with the generations of the routing table that it was found in.</summary>
internal sealed class Match(byte[] topic)
{
    public byte[] Topic { get; set; } = topic;

    public RouteTarget[] Targets { get; set; } = [];

    public SharedQueue[] SharedQueues { get; set; } = [];

    public TopicRoute? Literal { get; set; }

    /// <summary>What holds for what is published here. Null, the usual case: nothing in particular.</summary>
    public TopicRule? Rule { get; set; }

    public long LiteralGeneration { get; set; } = -1;

    public long WildcardGeneration { get; set; } = -1;
}
