using Bus.Transport.Nats;
using Microsoft.Extensions.Logging;

namespace Bus.Transport.Client;

/// <summary>What becomes of the error lines of one connection: they are about a subscription, about a message, or about the connection itself. Owned by the connection actor.</summary>
internal sealed class ServerErrors(ClientSetup setup, IActorRef endpoint, ILogger log)
{
    /// <summary>The last one about the connection itself.</summary>
    public string? Last { get; private set; }

    public void Take(string text)
    {
        if (SubscriptionError.Read(text) is { } error)
        {
            endpoint.Tell(error, ActorRefs.NoSender);
            return;
        }

        ClientLog.ServerError(log, setup.Endpoint.ToString(), text);
        if (ClientErrors.OfMessage(text) is var (topic, reason))
        {
            setup.Link.Refused(topic, reason);
            return;
        }

        Last = text;
        setup.Link.Notice(ClientErrors.Notice(setup.Endpoint, text));
        if (ClientErrors.Refusal(setup, text) is { } refusal) throw refusal;
    }
}
