using System.Net.Sockets;
using Bus.Transport.Channels;

namespace Bus.Transport.Endpoints;

/// <summary>A bound endpoint that hands out connections. Disposing it stops accepting and removes what it left in the file system.</summary>
internal interface IBusListener : IAsyncDisposable
{
    /// <summary>The endpoint as it is reached: with the port that was chosen when 0 was asked for.</summary>
    BusEndpoint Endpoint { get; }

    /// <summary>The next connection, configured for small messages. One call at a time.</summary>
    /// <exception cref="ObjectDisposedException">The listener is closed.</exception>
    /// <exception cref="SocketException">The system has no descriptors or memory left; accepting may be tried again later.</exception>
    ValueTask<BusChannel> AcceptAsync(CancellationToken cancellationToken);
}
