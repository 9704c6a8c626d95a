using Bus.Core.Client;

namespace Actors;

/// <summary>What a customer wants. Asked of the clerk; the answer is a text.</summary>
internal sealed record Order(string Customer, string Warehouse, string Article, int Pieces);

/// <summary>Serves the customers. The inventory and the journal are topics of the bus, and to the clerk two more actors.</summary>
internal sealed class Clerk(IActorRef inventory, IActorRef events, TimeSpan patience) : UntypedActor
{
    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Order order:
                // Asks and goes on with the next customer; the answer comes back as a message of its own, with this one's sender.
                inventory.Ask<Reserved>(new Reserve(order.Warehouse, order.Article, order.Pieces), patience)
                    .PipeTo(Self, Sender, reserved => new Sold(order, reserved), error => new Refused(error));
                break;
            case Sold sold:
                events.Tell(new ShopEvent($"{sold.Order.Customer} bought {sold.Order.Pieces} of article {sold.Order.Article}"));
                Sender.Tell($"done, {sold.Reserved.Left} left");
                break;
            case Refused { Error: RemoteErrorException error }:
                Sender.Tell($"error {error.Code}, {error.Text}");
                break;
            case Refused refused:
                Sender.Tell(refused.Error.Message);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private sealed record Sold(Order Order, Reserved Reserved);

    private sealed record Refused(Exception Error);
}
