// The inventory: a bus, and actors that answer on it until the shop has closed. The address is the first argument, or the user's own one.
using Actors;
using Bus.Transport.Endpoints;
using Bus.Transport.Hosting;

var endpoint = args.Length > 0 ? BusEndpoint.Parse(args[0]) : BusEndpoint.Default;
await using var listener = await BusListener.StartAsync([endpoint]);
var bus = listener.Node.Bus;

using var system = ActorSystem.Create("inventory");
var inventory = system.ActorOf(Props.Create(() => new Inventory()), "inventory");
var journal = system.ActorOf(Props.Create(() => new Journal()), "journal");

// From here on both get messages from other processes.
await using var requests = await bus.OpenSubscriptionAsync<Reserve>(Topics.Reserve, inventory);
await using var events = await bus.OpenSubscriptionAsync<ShopEvent>(Topics.Events, journal);
Console.WriteLine("inventory: open");

// Ends when the journal's actor stops.
await events.Completion;
Console.WriteLine("inventory: closed");
await system.Terminate();
