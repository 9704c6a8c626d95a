using System.Runtime.CompilerServices;
using System.Text.Json;
using Bus.Core.Presence;

namespace Bus.Core.Client;

/// <summary>Who comes and who goes. Needs an IpcBus: a plain NATS server does not tell.</summary>
public static class PresenceExtensions
{
    /// <summary>Tells who joins and who leaves, in the order in which it happens, from the start of the enumeration on.</summary>
    /// <param name="bus">The bus.</param>
    /// <param name="includePresent">Whether those who are here already come first, as if they joined now; nobody is told twice or forgotten in between. Default: false.</param>
    /// <param name="cancellationToken">Ends the enumeration with an <see cref="OperationCanceledException"/>.</param>
    /// <remarks>
    /// With <paramref name="includePresent"/>, who left while the connection was down is told when it is back, without a reason, and then who came; otherwise what happens
    /// meanwhile is not told. When the bus itself was started anew, everybody has left it.
    /// </remarks>
    public static IAsyncEnumerable<PresenceEvent> WatchPresenceAsync(this IBus bus, bool includePresent = false, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(bus);
        return includePresent ? WatchAllAsync(bus, cancellationToken) : WatchEventsAsync(bus, cancellationToken);
    }

    // One filter, so that the leave of a client comes behind its join.
    private static Task<ISubscription<byte[]>> OpenEventsAsync(IBus bus, CancellationToken cancellationToken) => bus.OpenSubscriptionAsync<byte[]>(SystemTopics.Events, options: null, cancellationToken);

    private static async IAsyncEnumerable<PresenceEvent> WatchEventsAsync(IBus bus, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var events = await OpenEventsAsync(bus, cancellationToken);
        await foreach (var message in events.WithCancellation(cancellationToken))
        {
            if (SystemTopics.IsPresence(message.Topic)) yield return Read(message);
        }
    }

    private static async IAsyncEnumerable<PresenceEvent> WatchAllAsync(IBus bus, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var events = await OpenEventsAsync(bus, cancellationToken);
        await using var messages = events.GetAsyncEnumerator(cancellationToken);
        using var view = new PresenceView(bus);
        Task<bool>? next = null;
        while (true)
        {
            if (view.Outdated.IsCompleted)
            {
                foreach (var happened in await view.AskAsync(cancellationToken)) yield return happened;
            }

            next ??= messages.MoveNextAsync().AsTask();
            if (await Task.WhenAny(next, view.Outdated) != next) continue;
            if (!await next) yield break;
            next = null;
            if (!SystemTopics.IsPresence(messages.Current.Topic)) continue;
            foreach (var happened in view.See(Read(messages.Current))) yield return happened;
        }
    }

    private static PresenceEvent Read(BusMessage<byte[]> message) => ParticipantExtensions.Read(() => JsonSerializer.Deserialize(message.Data, PresenceJson.Default.PresenceEvent), message.Topic);
}
