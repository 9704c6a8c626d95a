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
    /// <remarks>What happens while the connection is down is not told: ask again who is here when <see cref="IBus.StateChanged"/> says that it is back.</remarks>
    public static async IAsyncEnumerable<PresenceEvent> WatchPresenceAsync(this IBus bus, bool includePresent = false, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(bus);
        // One filter, so that the leave of a client comes behind its join.
        await using var events = await bus.OpenSubscriptionAsync<byte[]>(SystemTopics.Events, options: null, cancellationToken);
        var told = new HashSet<(string Name, string Id, DateTimeOffset Since)>();
        if (includePresent)
        {
            foreach (var client in await bus.GetClientsAsync(cancellationToken))
            {
                told.Add(KeyOf(client));
                yield return new PresenceEvent { Kind = PresenceKind.Join, Client = client };
            }
        }

        await foreach (var message in events.WithCancellation(cancellationToken))
        {
            if (!SystemTopics.IsPresence(message.Topic)) continue;
            var happened = ParticipantExtensions.Read(() => JsonSerializer.Deserialize(message.Data, PresenceJson.Default.PresenceEvent), message.Topic);
            // The list is newer than the subscription: some joins are in both, and who left in between was in neither.
            if (includePresent && happened.Kind == PresenceKind.Join && !told.Add(KeyOf(happened.Client))) continue;
            if (includePresent && happened.Kind == PresenceKind.Leave && !told.Remove(KeyOf(happened.Client))) continue;
            yield return happened;
        }
    }

    private static (string Name, string Id, DateTimeOffset Since) KeyOf(BusParticipant client) => (client.Name, client.Id, client.Since);
}
