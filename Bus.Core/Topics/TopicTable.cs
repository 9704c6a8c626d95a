using Bus.Core.Messages;
using Bus.Core.Routing;

namespace Bus.Core.Topics;

/// <summary>The tables of the topic manager. The bus supervisor owns the object, so they survive a restart of the manager.</summary>
internal sealed class TopicTable
{
    /// <summary>Every filter that has, or lately had, subscribers.</summary>
    public Dictionary<byte[], TopicRecord> Records { get; } = new(Utf8Comparer.Instance);

    /// <summary>Filters whose members changed since the last publication.</summary>
    public List<TopicRecord> Dirty { get; } = [];

    /// <summary>Changes to acknowledge at the next publication.</summary>
    public List<(Subscriber Subscriber, IRegistrationWaiter Waiter)> Waiting { get; } = [];

    /// <summary>Whom the next publication ends, by filter.</summary>
    public Dictionary<TopicRecord, Farewell> Leaving { get; } = [];

    /// <summary>What to answer at the next publication.</summary>
    public List<(IActorRef Asker, TopicChanged Answer)> Answers { get; } = [];

    /// <summary>Filters without subscribers, whose actors linger, with the time at which they were left; oldest first.</summary>
    public Queue<(TopicRecord Record, long Since)> Lingering { get; } = new();

    /// <summary>Whether the message that publishes the changes is in the mailbox.</summary>
    public bool IsPublishing { get; set; }
}
