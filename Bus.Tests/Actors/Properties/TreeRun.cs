using System.Collections.Concurrent;

namespace Bus.Tests.Actors.Properties;

/// <summary>What happened in one run of a plan; filled by the actors of the tree and by their observer.</summary>
internal sealed class TreeRun
{
    private int _constructed;
    private int _postStops;
    private int _ticket;

    /// <summary>The actors that are known by the number of their node; after a restart of the parent there is a new one.</summary>
    public ConcurrentDictionary<int, IActorRef> Current { get; } = new();

    /// <summary>Every actor that ever started, and how often the observer heard of its end.</summary>
    public ConcurrentDictionary<IActorRef, int> Ends { get; } = new();

    /// <summary>Which messages were handled, failed, or became dead letters: each exactly once.</summary>
    public ConcurrentDictionary<int, string> Fates { get; } = new();

    public ConcurrentBag<string> Faults { get; } = [];

    public int Sent => Volatile.Read(ref _ticket);

    public int Constructed => Volatile.Read(ref _constructed);

    public int PostStops => Volatile.Read(ref _postStops);

    public int NextTicket() => Interlocked.Increment(ref _ticket);

    public void CountConstructed() => Interlocked.Increment(ref _constructed);

    public void CountPostStop() => Interlocked.Increment(ref _postStops);

    public void Fate(int ticket, string fate)
    {
        if (!Fates.TryAdd(ticket, fate)) Faults.Add($"message {ticket} was {Fates[ticket]} and {fate}");
    }

    public void AssertAddsUp()
    {
        Assert.Empty(Faults);
        Assert.Equal(Sent, Fates.Count);
        Assert.All(Ends, end => Assert.Equal(1, end.Value));
        Assert.Equal(Constructed, PostStops);
    }

    public void Execute(TreeCommand command, int nodes, ActorSystem system)
    {
        var actor = Current[command.Node % nodes];
        switch (command.Kind)
        {
            case TreeCommandKind.Poison:
                actor.Tell(PoisonPill.Instance, ActorRefs.NoSender);
                break;
            case TreeCommandKind.StopFromOutside:
                system.Stop(actor);
                break;
            default:
                actor.Tell(new Ticket(NextTicket(), command.Kind), ActorRefs.NoSender);
                break;
        }
    }
}

/// <summary>A message with a ticket, so that it can be followed to its end.</summary>
internal sealed record Ticket(int Number, TreeCommandKind Kind);
