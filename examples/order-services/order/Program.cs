// Takes orders. Calls the user service. The bus is the first argument, or the user's own one.
using Bus.Core.Client;
using Bus.Core.Rpc;
using Bus.Transport.Client;
using Bus.Transport.Endpoints;
using OrderServices;

var endpoint = args.Length > 0 ? BusEndpoint.Parse(args[0]) : BusEndpoint.Default;
await using var bus = await BusClient.ConnectAsync(endpoint);
await using var service = await bus.ServeAsync("order", s => s
    .Endpoint<Order, Placed>("place", async (order, _) =>
    {
        Trace.Print();
        var user = await bus.CallAsync<GetUser, User>("user", "get", new GetUser(order.User));
        if (user.Role != "buyer") throw new RemoteErrorException($"{user.Name} is a {user.Role} and may not buy", 403, "forbidden");
        return new Placed($"{order.Pieces} of article {order.Article} for {user.Name}");
    })
    .Endpoint<Order, decimal>("price", (order, _) =>
    {
        // Needs nobody else.
        Trace.Print();
        return order.Pieces * 25m;
    }));
Console.WriteLine("order: ready");
await service.Completion;
