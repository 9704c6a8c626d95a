using Bus.Core.Hosting;
using Bus.Transport.Connections;
using Bus.Transport.Endpoints;
using Microsoft.Extensions.Logging;

namespace Bus.Transport.Hosting;

/// <summary>A running bus that listens on endpoints, without a host. With one, use <c>services.AddIpcBus().ListenOn(...)</c>.</summary>
public sealed class BusListener : IAsyncDisposable
{
    private readonly BusListening _listening;

    private BusListener(BusNode node, BusListening listening) => (Node, _listening) = (node, listening);

    /// <summary>The bus itself; its <see cref="BusNode.Bus"/> is for this process.</summary>
    public BusNode Node { get; }

    /// <summary>Where it listens, with the ports that were chosen for <c>:0</c>.</summary>
    public IReadOnlyList<BusEndpoint> Endpoints => _listening.Endpoints;

    /// <summary>Starts a bus that listens on every endpoint, or on none if one cannot be bound.</summary>
    /// <param name="endpoints">At least one.</param>
    /// <param name="options">The bus. Default: all defaults.</param>
    /// <param name="connections">Limits of each connection. Default: all defaults.</param>
    /// <param name="loggers">Where to log. Default: nowhere.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    /// <exception cref="BusEndpointException">An endpoint is in use or cannot be bound; the message says what to do.</exception>
    public static Task<BusListener> StartAsync(IEnumerable<BusEndpoint> endpoints, IpcBusOptions? options = null, ConnectionOptions? connections = null, ILoggerFactory? loggers = null, CancellationToken cancellationToken = default) =>
        StartAsync(endpoints, options, connections, loggers, slabs: null, cancellationToken);

    /// <summary>Stops listening, closes every connection in good order, stops the bus.</summary>
    public ValueTask DisposeAsync() => Node.DisposeAsync();

    internal static async Task<BusListener> StartAsync(IEnumerable<BusEndpoint> endpoints, IpcBusOptions? options, ConnectionOptions? connections, ILoggerFactory? loggers, Core.Buffers.SlabPool? slabs, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        var listening = new BusListening([.. endpoints], connections ?? new ConnectionOptions());
        var node = await BusNode.StartAsync(options, loggers, [listening], slabs, cancellationToken);
        return new BusListener(node, listening);
    }
}
