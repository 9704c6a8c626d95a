// The shop: its clerk asks the inventory in the other process as if it were an actor in this one. The address is the first argument, or the user's own one.
using Actors;
using Bus.Core.Client;
using Bus.Transport.Client;
using Bus.Transport.Endpoints;

try
{
    var endpoint = args.Length > 0 ? BusEndpoint.Parse(args[0]) : BusEndpoint.Default;
    await using var bus = await BusClient.ConnectAsync(endpoint);

    // A minute is a long time: what comes as an error below did not wait for it.
    var patience = TimeSpan.FromMinutes(1);
    var options = new TopicRefOptions { Timeout = patience };
    var inventory = bus.OpenTopicRef<Reserved>(Topics.Reserve, options);
    var events = bus.OpenTopicRef<string>(Topics.Events, options);

    using var system = ActorSystem.Create("shop");
    var clerk = system.ActorOf(Props.Create(() => new Clerk(inventory, events, patience)), "clerk");

    await ServeAsync("three customers at once", new Order("Ada", "north", "lamp", 3), new Order("Bob", "north", "gizmo", 1), new Order("Cleo", "north", "lamp", 2));
    await ServeAsync("and the next ones", new Order("Dora", "north", "chair", 4), new Order("Emil", "south", "lamp", 6), new Order("Finn", "west", "lamp", 1));

    Console.WriteLine($"shop: closed, {await events.Ask<string>(new ShopEvent("the shop has closed", IsLast: true), patience)}");
    await system.Terminate();
    return 0;

    async Task ServeAsync(string title, params Order[] orders)
    {
        Console.WriteLine($"shop: {title}");
        var answers = orders.Select(order => clerk.Ask<string>(order, patience)).ToArray();
        for (var i = 0; i < orders.Length; i++) Console.WriteLine($"shop: {orders[i].Customer} wants {orders[i].Pieces} of article {orders[i].Article} from {orders[i].Warehouse}: {await answers[i]}");
    }
}
catch (BusException e)
{
    // There is no inventory, or it has gone: the text says what to do.
    Console.Error.WriteLine($"shop: {e.Message}");
    return 1;
}
