// Answers requests for prices until Ctrl-C. The bus is the first argument, or the user's own one.
using Bus.Core.Client;
using Bus.Transport.Client;
using Bus.Transport.Endpoints;

var endpoint = args.Length > 0 ? BusEndpoint.Parse(args[0]) : BusEndpoint.Default;
await using var bus = await BusClient.ConnectAsync(endpoint);

// A queue group: start the program several times, and the requests are shared.
await using var service = await bus.RespondAsync<Order, Price>(
    "prices.get",
    (order, _) => new(new Price(order.Amount * 1.2m)),
    new SubscriptionOptions { Queue = "prices" });
Console.WriteLine("answering on prices.get");

await service.Completion;

internal sealed record Order(int Id, decimal Amount);

internal sealed record Price(decimal Total);
