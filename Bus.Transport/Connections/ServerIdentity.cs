using Bus.Transport.Endpoints;
using Bus.Transport.Nats;

namespace Bus.Transport.Connections;

/// <summary>What the bus says of itself in INFO.</summary>
/// <param name="ServerId">Unique per start.</param>
/// <param name="Name">The name of the bus; <c>ipcbus</c> unless the user gave another.</param>
internal sealed record ServerIdentity(string ServerId, string Name)
{
    private static readonly string OwnVersion = typeof(ServerIdentity).Assembly.GetName().Version?.ToString(3) ?? "0";

    public ServerInfo InfoFor(long clientId, BusEndpoint endpoint, ConnectionOptions options) => new()
    {
        ServerId = ServerId,
        ServerName = Name,
        IpcBusVersion = OwnVersion,
        Host = endpoint.Host ?? "",
        Port = endpoint.Port ?? 0,
        MaxPayload = options.MaxPayload,
        AuthRequired = options.Authenticate is not null,
        ClientId = (ulong)clientId,
    };
}
