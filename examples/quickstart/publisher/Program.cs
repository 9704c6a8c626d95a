// Publishes ten orders. The bus is the first argument, or the user's own one.
using Bus.Core.Client;
using Bus.Transport.Client;
using Bus.Transport.Endpoints;

try
{
    var endpoint = args.Length > 0 ? BusEndpoint.Parse(args[0]) : BusEndpoint.Default;
    await using var bus = await BusClient.ConnectAsync(endpoint);

    for (var id = 1; id <= 10; id++)
    {
        await bus.PublishAsync("orders.created", new Order(id, id * 10m));
    }

    // A round trip: the bus has all of them.
    await bus.FlushAsync();
    Console.WriteLine("published 10 orders");

    // And one question to the service.
    var price = await bus.RequestAsync<Order, Price>("prices.get", new Order(42, 420m), timeout: TimeSpan.FromSeconds(2));
    Console.WriteLine($"order 42 costs {price.Total} with tax");
    return 0;
}
catch (BusException e)
{
    // It says what happened and what to do: no bus, no service, no reply in time.
    Console.Error.WriteLine(e.Message);
    return 1;
}

internal sealed record Order(int Id, decimal Amount);

internal sealed record Price(decimal Total);
