using Bus.Core.State;
using Bus.Transport.Channels;
using Bus.Transport.Endpoints;
using Bus.Transport.Nats;
using Microsoft.Extensions.Logging;

namespace Bus.Transport.Connections;

/// <summary>What a connection actor is made from.</summary>
internal sealed record ConnectionSetup(
    BusChannel Channel,
    long Id,
    BusEndpoint Endpoint,
    ServerInfo Info,
    ConnectionOptions Options,
    IActorRef Topics,
    BusEnvironment Environment,
    ILogger<ConnectionActor> Log);
