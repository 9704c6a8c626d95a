using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Bus.Core.Messages;

namespace Bus.Core.Topics;

/// <summary>
/// The subscribers of one filter, immutable: those who get everything, and the queue groups, as dense arrays. Most filters have one subscriber, which
/// stands for itself, without an array.
/// </summary>
internal sealed class SubscriberSet
{
    public static readonly SubscriberSet Empty = new(Array.Empty<Subscriber>(), []);

    // The only plain subscriber, or an array of them.
    private object _plain;

    private SubscriberSet(object plain, QueueGroup[] groups)
    {
        _plain = plain;
        Groups = groups;
    }

    public ReadOnlySpan<Subscriber> Plain => _plain is Subscriber[] several
        ? several
        : MemoryMarshal.CreateReadOnlySpan(ref Unsafe.As<object, Subscriber>(ref _plain), 1);

    public QueueGroup[] Groups { get; }

    public bool IsEmpty => Plain.Length == 0 && Groups.Length == 0;

    /// <summary>Whether these are the names of its queue groups.</summary>
    public bool HasQueues(string[] names)
    {
        if (names.Length != Groups.Length) return false;
        for (var i = 0; i < names.Length; i++)
        {
            if (names[i] != Groups[i].Name) return false;
        }

        return true;
    }

    public static SubscriberSet From(ReadOnlySpan<Subscriber> subscribers)
    {
        if (subscribers.Length == 0) return Empty;
        if (subscribers.Length == 1 && subscribers[0].Queue is null) return new SubscriberSet(subscribers[0], []);
        var all = subscribers.ToArray();
        var plain = Array.FindAll(all, s => s.Queue is null);
        if (plain.Length == all.Length) return new SubscriberSet(plain, []);
        QueueGroup[] groups = [.. all.Where(s => s.Queue is not null)
            .GroupBy(s => s.Queue!, StringComparer.Ordinal)
            .Select(g => new QueueGroup(g.Key, [.. g]))];
        return new SubscriberSet(plain, groups);
    }
}

/// <summary>The members of one queue group of one filter.</summary>
internal sealed record QueueGroup(string Name, Subscriber[] Members)
{
    /// <summary>Whether it is no group at all, but somebody who listens in.</summary>
    public bool IsTap { get; } = SystemTopics.IsTap(Name);

    /// <summary>Whose turn it is. Owned by the topic actor. Each group has its own: with a common one, two groups would pick the same members for ever.</summary>
    public uint Turn { get; set; }
}
