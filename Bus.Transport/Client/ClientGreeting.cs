using Bus.Core.Client;
using Bus.Transport.Nats;

namespace Bus.Transport.Client;

/// <summary>What a client says when it has been greeted.</summary>
internal static class ClientGreeting
{
    private static readonly string? Version = typeof(ClientGreeting).Assembly.GetName().Version?.ToString(3);

    /// <returns>The CONNECT line.</returns>
    /// <exception cref="BusConnectException">It is a server that this client cannot talk to.</exception>
    public static byte[] To(ServerInfo info, ClientSetup setup)
    {
        if (info.TlsRequired) throw new BusConnectException($"{setup.Endpoint} requires TLS, which is not supported yet: give the URL of a bus without it.");
        if (!info.Headers) throw new BusConnectException($"{setup.Endpoint} is a NATS server without headers ({info.Version}); 2.2 or later is needed.");
        var options = setup.Options;
        // Who does not ask need not know.
        var secrets = info.AuthRequired ? options : new BusClientOptions();
        return NatsJson.ConnectLine(new ConnectOptions
        {
            Name = setup.Link.Name,
            Echo = options.Echo,
            Headers = true,
            NoResponders = true,
            Verbose = false,
            Pedantic = false,
            Protocol = 1,
            Lang = "csharp",
            Version = Version,
            User = secrets.User,
            Password = secrets.Password,
            AuthToken = secrets.Token,
            Bus = new BusConnectOptions { Id = setup.Id, Unique = true, TakeOver = options.TakeOverName, Key = (setup.Leads ?? setup.Follows)?.Key, Lane = setup.Lane, Pid = Environment.ProcessId, Program = options.Program, Payload = secrets.ConnectPayload },
        });
    }
}
