using Bus.Core.Messages;

namespace Bus.Core.Topics;

/// <summary>The tables of the topic manager. The bus supervisor owns the object, so they survive a restart of the manager.</summary>
internal sealed class TopicTable
{
    /// <summary>Every filter that has, or lately had, subscribers.</summary>
    public Dictionary<string, TopicRecord> Records { get; } = new(StringComparer.Ordinal);

    /// <summary>Filters whose members changed since the last publication.</summary>
    public List<TopicRecord> Dirty { get; } = [];

    /// <summary>Changes to acknowledge at the next publication.</summary>
    public List<(Subscriber Subscriber, IRegistrationWaiter Waiter)> Waiting { get; } = [];

    /// <summary>Filters without subscribers, whose actors linger, with the time at which they were left; oldest first.</summary>
    public Queue<(TopicRecord Record, long Since)> Lingering { get; } = new();

    /// <summary>The number of the next topic actor: their names never repeat.</summary>
    public long NextNumber { get; set; } = 1;

    /// <summary>Whether the message that publishes the changes is in the mailbox.</summary>
    public bool IsPublishing { get; set; }
}
