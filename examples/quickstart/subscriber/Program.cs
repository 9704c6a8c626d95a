// Prints ten orders. The bus is the first argument, or the user's own one.
using Bus.Core.Client;
using Bus.Transport.Client;
using Bus.Transport.Endpoints;

var endpoint = args.Length > 0 ? BusEndpoint.Parse(args[0]) : BusEndpoint.Default;
await using var bus = await BusClient.ConnectAsync(endpoint);

// When this returns, the subscription is active: nothing published from now on is missed.
await using var orders = await bus.OpenSubscriptionAsync<Order>("orders.*", new SubscriptionOptions { MaxMessages = 10 });
Console.WriteLine("waiting for orders");

await foreach (var message in orders)
{
    Console.WriteLine($"{message.Topic}: order {message.Data.Id} over {message.Data.Amount}");
}

internal sealed record Order(int Id, decimal Amount);
