using Bus.Core.Client;

namespace Actors;

/// <summary>
/// Knows the warehouses, passes each request on to the actor of its warehouse, and supervises: one that fails is restarted,
/// and its neighbours notice nothing.
/// </summary>
internal sealed class Inventory : UntypedActor
{
    // The shelves outlive the actors that work on them: what was reserved is still reserved after a restart.
    private readonly Dictionary<string, Shelves> _warehouses = new(StringComparer.Ordinal)
    {
        ["north"] = new Shelves { ["lamp"] = 10, ["chair"] = 4 },
        ["south"] = new Shelves { ["lamp"] = 5 },
    };

    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(
        maxNrOfRetries: 10,
        withinTimeMilliseconds: 60_000,
        localOnlyDecider: error =>
        {
            Console.WriteLine($"inventory: {Sender.Path.Name} failed ({error.GetType().Name}) and is restarted");
            return Directive.Restart;
        },
        loggingEnabled: false);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case BusMessage<Reserve> request when _warehouses.TryGetValue(request.Data.Warehouse, out var shelves):
                // Forward keeps the sender, which is the one who asked in the other process.
                WarehouseOf(request.Data.Warehouse, shelves).Forward(request.Data);
                break;
            case BusMessage<Reserve> request:
                Sender.Tell(new Status.Failure(new RemoteErrorException($"there is no warehouse {request.Data.Warehouse}", 404, "not-found")));
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private static IActorRef WarehouseOf(string name, Shelves shelves)
    {
        var child = Context.Child(name);
        return child.IsNobody() ? Context.ActorOf(Props.Create(() => new Warehouse(name, shelves)), name) : child;
    }
}

/// <summary>How many pieces there are of each article.</summary>
internal sealed class Shelves() : Dictionary<string, int>(StringComparer.Ordinal);
