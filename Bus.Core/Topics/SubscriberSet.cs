using Bus.Core.Messages;

namespace Bus.Core.Topics;

/// <summary>The subscribers of one filter, immutable: those who get everything, and the queue groups, as dense arrays.</summary>
internal sealed class SubscriberSet
{
    public static readonly SubscriberSet Empty = new([], []);

    private SubscriberSet(Subscriber[] plain, QueueGroup[] groups)
    {
        Plain = plain;
        Groups = groups;
        foreach (var group in groups) QueueMembers += group.Members.Length;
    }

    public Subscriber[] Plain { get; }

    public QueueGroup[] Groups { get; }

    /// <summary>Members of all queue groups together.</summary>
    public int QueueMembers { get; }

    public bool IsEmpty => Plain.Length == 0 && Groups.Length == 0;

    public static SubscriberSet From(IReadOnlyCollection<Subscriber> subscribers)
    {
        if (subscribers.Count == 0) return Empty;
        Subscriber[] plain = [.. subscribers.Where(s => s.Queue is null)];
        if (plain.Length == subscribers.Count) return new SubscriberSet(plain, []);
        QueueGroup[] groups = [.. subscribers.Where(s => s.Queue is not null)
            .GroupBy(s => s.Queue!, StringComparer.Ordinal)
            .Select(g => new QueueGroup(g.Key, [.. g]))];
        return new SubscriberSet(plain, groups);
    }
}

/// <summary>The members of one queue group of one filter.</summary>
internal sealed record QueueGroup(string Name, Subscriber[] Members)
{
    /// <summary>Whose turn it is. Owned by the topic actor. Each group has its own: with a common one, two groups would pick the same members for ever.</summary>
    public uint Turn { get; set; }
}
