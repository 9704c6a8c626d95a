using System.Text;
using Bus.Core.Client;

namespace Bus.Core.Endpoint;

/// <summary>
/// The sockets of a client that has several, each with a facade of its own. A topic is published, and requested, always by the same one, so that its messages keep their order; what
/// belongs to the client as a whole stays with the first: topics of the bus and of services, and answers, which the connection owes that got the request. Thread-safe.
/// </summary>
/// <param name="main">The client itself.</param>
/// <param name="others">Its other sockets.</param>
internal sealed class Lanes(BusFacade main, IReadOnlyList<BusFacade> others)
{
    private readonly long[] _published = new long[others.Count + 1];

    /// <summary>All that can be used: one that the bus does not let in any more is closed.</summary>
    public IEnumerable<BusFacade> Open => others.Where(lane => lane.State != BusState.Closed).Prepend(main);

    public long DroppedMessages => others.Sum(lane => lane.DroppedMessages);

    public long RefusedMessages => others.Sum(lane => lane.RefusedMessages);

    /// <summary>What each has been given so far, the client itself first.</summary>
    public IEnumerable<(BusFacade Socket, long Published)> Status() => others.Prepend(main).Select((socket, number) => (socket, Volatile.Read(ref _published[number])));

    /// <summary>Who publishes a topic.</summary>
    /// <returns>Null: the client itself.</returns>
    public BusFacade? Of(string topic)
    {
        var number = NumberOf(topic);
        // Nothing of a closed one is under way any more, so order is kept.
        if (number > 0 && others[number - 1].State == BusState.Closed) number = 0;
        Interlocked.Increment(ref _published[number]);
        if (number == 0) return null;
        if (main.State == BusState.Idle) main.Wake();
        return others[number - 1];
    }

    /// <summary>Waits for the answers that are under way.</summary>
    public Task IdleAsync(CancellationToken cancellationToken) => Task.WhenAll(others.Select(lane => lane.IdleAsync(cancellationToken)));

    /// <summary>The client is about to close: fails the requests.</summary>
    public Task EndRequestsAsync() => Task.WhenAll(others.Select(lane => lane.EndRequestsAsync()));

    public Task AbortAsync(string? reason) => Task.WhenAll(others.Select(lane => lane.AbortAsync(reason).AsTask()));

    /// <summary>Closes them, behind what was published.</summary>
    public Task CloseAsync() => Task.WhenAll(others.Select(lane => lane.DisposeAsync().AsTask()));

    private int NumberOf(string topic)
    {
        ArgumentNullException.ThrowIfNull(topic);
        // Told to the bus, but about another topic: a survey, say.
        if (topic.StartsWith('$')) topic = Encoding.UTF8.GetString(SystemTopics.RoutedAs(Encoding.UTF8.GetBytes(topic)));
        if (topic.StartsWith('$') || topic.StartsWith("_INBOX.", StringComparison.Ordinal)) return 0;
        // FNV-1a, mixed; unlike that of the string it is the same in every process, so what shares a socket today does so tomorrow.
        var hash = 2166136261u;
        foreach (var c in topic) hash = (hash ^ c) * 16777619;
        var mixed = (hash * 0x9E3779B97F4A7C15ul) >> 32;
        return (int)((mixed * (uint)_published.Length) >> 32);
    }
}
