using Bus.Core.Routing;

namespace Bus.Core.Client;

/// <summary>What callers hear when a topic does not take what they want of it.</summary>
internal static class TopicErrors
{
    /// <summary>What a subscription fails or ends with.</summary>
    public static BusException OfSubscription(TopicFilters filters, string error, string text) => error == TopicRefusal.Deleted
        ? new TopicDeletedException(filters.ToString(), text)
        : new BusRefusedException($"The subscription to '{filters}' was refused: {text}", filters.ToString()) { Reason = error };

    /// <summary>What a call fails with that reached the bus, and not a responder. Null: the error is somebody else's.</summary>
    public static BusRefusedException? OfMessage(string topic, RemoteErrorException error) => error is { IsOfBus: true, Error: TopicRefusal.Undeclared or TopicRefusal.TooLarge }
        ? new BusRefusedException($"{Addressee.Of(topic).Message} was not published: {error.Text}", Addressee.Of(topic).Topic) { Reason = error.Error }
        : null;
}
