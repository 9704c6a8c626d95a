using System.Net.Sockets;
using Bus.Core.State;
using Bus.Transport.Nats;

namespace Bus.Transport.Connections;

/// <summary>What a connection actor is made from.</summary>
internal sealed record ConnectionSetup(
    Socket Socket,
    long Id,
    ServerInfo Info,
    ConnectionOptions Options,
    IActorRef Topics,
    BusEnvironment Environment);
