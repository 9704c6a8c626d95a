using Bus.Core.Client;
using Bus.Core.Endpoint;

namespace Bus.Transport.Client;

/// <summary>The sockets of a client that has several (<see cref="BusClientOptions.Connections"/>).</summary>
public static class ClientPool
{
    /// <summary>What each socket of a client does, the first one first. Empty if it has only that.</summary>
    /// <param name="bus">From <see cref="BusClient"/>.</param>
    /// <exception cref="ArgumentException">It is not a bus of this library.</exception>
    public static IReadOnlyList<ClientSocket> GetSockets(this IBus bus)
    {
        if (bus is not BusFacade main) throw new ArgumentException($"A {bus?.GetType()} has no sockets: it has to be a client of this library.", nameof(bus));
        return [.. main.Lanes?.Status().Select((one, number) => new ClientSocket { Number = number, State = one.Socket.State, Published = one.Published, PendingBytes = one.Socket.PendingBytes, Losses = one.Socket.Losses }) ?? []];
    }

    /// <summary>Opens the other sockets of a client.</summary>
    /// <returns>Their endpoints.</returns>
    internal static IReadOnlyList<IActorRef> Open(ActorSystem system, ClientSetup main, BusFacade bus)
    {
        if (main.Leads is not { } group) return [];
        // The first one decides whether there is a client at all; these follow it, however often it takes.
        var options = main.Options with { Will = null, TakeOverName = false, Reconnect = true, MaxReconnectAttempts = null };
        var (sockets, endpoints) = (new List<BusFacade>(), new List<IActorRef>());
        for (var number = 1; number < options.Connections; number++)
        {
            var setup = main with { Options = options, Link = BusClient.CreateLink(options, main.Link.Name, main.Environment, BusState.Connecting), Leads = null, Follows = group, Lane = number };
            var endpoint = system.ActorOf(Props.Create(() => new ClientEndpointActor(setup)), $"endpoint-{number}");
            var socket = new BusFacade(system, endpoint, setup.Link, bus.Codec, main.Environment.Time);
            socket.Noticed += (_, notice) =>
            {
                // That the bus stops is told once.
                if (notice.Kind != BusNoticeKind.LameDuck) main.Link.Notice(notice);
            };
            group.Add(endpoint, setup.Link);
            sockets.Add(socket);
            endpoints.Add(endpoint);
        }

        bus.Lanes = new Lanes(bus, sockets);
        return endpoints;
    }
}

/// <summary>One socket of a client.</summary>
public sealed record ClientSocket
{
    /// <summary>0: the first, which is the client; the others publish for it.</summary>
    public required int Number { get; init; }

    /// <summary>Whether it is connected. Closed although the client is not: the bus does not let it in any more, and its topics go over the first one.</summary>
    public required BusState State { get; init; }

    /// <summary>Messages and requests that it was given.</summary>
    public required long Published { get; init; }

    /// <summary>Bytes of them that are on their way to the bus.</summary>
    public required long PendingBytes { get; init; }

    /// <summary>How often it has lost its connection.</summary>
    public required long Losses { get; init; }
}
