using Bus.Core.Hosting;
using Bus.Transport.Connections;
using Bus.Transport.Endpoints;

namespace Bus.Transport.Hosting;

/// <summary>Lets a bus in a host listen for other processes.</summary>
public static class IpcBusBuilderExtensions
{
    /// <summary>Listens on a URL, such as <c>unix:///run/user/1000/ipcbus.sock</c> or <c>tcp://127.0.0.1:4222</c>, or a name, such as <c>orders</c>, while the host runs.</summary>
    /// <param name="builder">What <c>AddIpcBus</c> returned.</param>
    /// <param name="url">Where to listen.</param>
    /// <param name="options">Limits of each connection. Default: all defaults.</param>
    /// <exception cref="FormatException">The URL is not valid.</exception>
    public static IpcBusBuilder ListenOn(this IpcBusBuilder builder, string url, ConnectionOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(url);
        return builder.ListenOn([BusEndpoint.Parse(url)], options);
    }

    /// <summary>Listens on several endpoints, or on none if one cannot be bound. Called several times, each call has its own limits.</summary>
    /// <param name="builder">What <c>AddIpcBus</c> returned.</param>
    /// <param name="endpoints">Where to listen.</param>
    /// <param name="options">Limits of each connection. Default: all defaults.</param>
    public static IpcBusBuilder ListenOn(this IpcBusBuilder builder, IReadOnlyList<BusEndpoint> endpoints, ConnectionOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(endpoints);
        builder.Parts.Add(() => new BusListening(endpoints, options ?? new ConnectionOptions()));
        return builder;
    }
}
