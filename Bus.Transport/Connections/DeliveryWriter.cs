using Bus.Core.Messages;
using Bus.Core.Routing;

namespace Bus.Transport.Connections;

/// <summary>Writes deliveries to the peer of one connection, as far as their subscriptions go. Owned by the connection actor.</summary>
internal sealed class DeliveryWriter(ConnectionWriter writer, SubscriptionTable subscriptions, OwedReplies owed, Router router)
{
    /// <summary>Whether the peer understands headers.</summary>
    public bool Headers { get; set; }

    public void Write(Delivery delivery)
    {
        var (batch, subscription) = (delivery.Batch, (ConnectionSubscription)delivery.Subscriber);
        var n = 0;
        try
        {
            for (; n < delivery.Count && !subscription.IsSpent; n++)
            {
                var index = delivery[n];
                writer.AppendMessage(batch, index, subscription.Sid, Headers);
                subscription.Delivered++;
                if (batch.HasReplies && delivery.IsSole) owed.Add(batch, index);
            }
        }
        finally
        {
            // What is beyond a maximum has reached nobody.
            StatusMessage.Refuse(router, delivery, from: n);
        }

        if (subscription.IsSpent) subscriptions.Close(subscription);
    }
}
