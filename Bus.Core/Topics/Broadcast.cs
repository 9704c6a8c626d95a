using Bus.Core.Messages;

namespace Bus.Core.Topics;

/// <summary>Who gets a broadcast: everybody who subscribes to it, but those whom its header names.</summary>
internal static class Broadcast
{
    private static ReadOnlySpan<byte> Except => "Bus-Except"u8;

    /// <summary>Makes the deliveries of a batch.</summary>
    /// <returns>How many get all of it; zero as soon as anybody is left out.</returns>
    public static int Address(PublishBatch batch, ReadOnlySpan<Subscriber> subscribers)
    {
        var excluded = ExcludedByMessage(batch);
        foreach (var subscriber in subscribers)
        {
            if (!TopicActor.Accepts(subscriber, batch)) continue;
            if (excluded is null) batch.NextDelivery(subscriber).TakeWhole();
            else Address(batch, subscriber, excluded);
        }

        return excluded is null ? batch.DeliveryCount : 0;
    }

    private static void Address(PublishBatch batch, Subscriber subscriber, string[]?[] excluded)
    {
        var name = (subscriber.Origin as IBatchProducer)?.Participant?.Name;
        Delivery? delivery = null;
        for (var i = 0; i < batch.Count; i++)
        {
            if (name is null || excluded[i] is not { } names || !names.Contains(name, StringComparer.Ordinal)) (delivery ??= batch.NextDelivery(subscriber)).Take(i);
        }
    }

    /// <summary>The names that each message leaves out. Null, the usual case: none does.</summary>
    private static string[]?[]? ExcludedByMessage(PublishBatch batch)
    {
        string[]?[]? excluded = null;
        for (var i = 0; i < batch.Count; i++)
        {
            if (batch[i].HeaderLength == 0 || !HeaderBlock.Contains(batch.Headers(i), Except)) continue;
            var names = HeaderBlock.Decode(batch.Headers(i), out _).GetValues(SystemHeaders.Except);
            (excluded ??= new string[]?[batch.Count])[i] = [.. names.SelectMany(list => list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))];
        }

        return excluded;
    }
}
