using Bus.Core;
using Bus.Core.Client;
using Bus.Core.Endpoint;

namespace Bus.Transport.Client;

/// <summary>
/// The other sockets of a client. They are connected only as long as the first one is, for without that the bus does not know whose they are. Told within the lock: the order of
/// the changes is the order in the mailbox. Thread-safe.
/// </summary>
/// <param name="first">The first one.</param>
internal sealed class SocketGroup(EndpointLink first)
{
    private readonly Lock _lock = new();
    private readonly List<(IActorRef Endpoint, EndpointLink Link)> _sockets = [];
    private volatile bool _isConnected;

    /// <summary>By which the bus knows them.</summary>
    public string Key { get; } = RandomName.Hex(32);

    public EndpointLink First => first;

    /// <summary>Whether the first one is connected, and its subscriptions are there.</summary>
    public bool IsConnected => _isConnected;

    /// <param name="endpoint">Another one.</param>
    /// <param name="link">Shared with it.</param>
    public void Add(IActorRef endpoint, EndpointLink link)
    {
        lock (_lock)
        {
            _sockets.Add((endpoint, link));
            if (_isConnected) endpoint.Tell(ReconnectDue.Instance, ActorRefs.NoSender);
        }
    }

    /// <summary>The first one is connected.</summary>
    public void Connected() => Changed(isConnected: true, ReconnectDue.Instance);

    /// <summary>The first one is not connected: any more, or again.</summary>
    public void Disconnected()
    {
        lock (_lock)
        {
            if (!_isConnected) return;
            Changed(isConnected: false, FirstLost.Instance);
            // Whoever hears of it, and publishes then, must not send that with the connection that is lost.
            foreach (var (_, link) in _sockets.Where(socket => socket.Link.IsReachable)) link.ChangeState(BusState.Reconnecting);
        }
    }

    /// <summary>The first one has given up.</summary>
    public void GivenUp(BusException error) => Changed(isConnected: false, new FirstGivenUp(error));

    private void Changed(bool isConnected, object news)
    {
        lock (_lock)
        {
            _isConnected = isConnected;
            foreach (var (endpoint, _) in _sockets) endpoint.Tell(news, ActorRefs.NoSender);
        }
    }
}

/// <summary>Told to the endpoint of another socket: the first one has lost its connection.</summary>
internal sealed class FirstLost
{
    public static readonly FirstLost Instance = new();
}

/// <summary>Told to the endpoint of another socket: the client is closed.</summary>
internal sealed record FirstGivenUp(BusException Error);
