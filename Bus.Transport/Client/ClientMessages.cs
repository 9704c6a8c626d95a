using Bus.Core.Endpoint;
using Bus.Core.Messages;
using Bus.Core.State;
using Bus.Transport.Channels;
using Bus.Transport.Endpoints;
using Bus.Transport.Nats;

namespace Bus.Transport.Client;

/// <summary>What a client is made of. The id stays the same over all its connections.</summary>
internal sealed record ClientSetup(BusEndpoint Endpoint, BusClientOptions Options, BusEnvironment Environment, EndpointLink Link, string Id)
{
    /// <summary>The other sockets of the client. Null: it has none, or this is one of them.</summary>
    public SocketGroup? Leads { get; init; }

    /// <summary>Those of which this is one. Null: it is the client itself.</summary>
    public SocketGroup? Follows { get; init; }

    /// <summary>Which of the others it is, from 1 on. 0: it is the first.</summary>
    public int Lane { get; init; }
}

/// <summary>Told to the endpoint: say when there is a connection, or why there was none in time. Answered with itself.</summary>
/// <param name="Patience">How long it may take. Zero: the first attempt decides.</param>
/// <param name="ReplyTo">Who waits.</param>
internal sealed record FirstConnection(TimeSpan Patience, IActorRef ReplyTo);

/// <summary>Timer of the endpoint: whoever waits for the first connection has waited long enough.</summary>
internal sealed class PatienceOver
{
    public static readonly PatienceOver Instance = new();
}

/// <summary>Told by a connection to its endpoint: the handshake is done.</summary>
internal sealed record ConnectionReady(IActorRef Connection, ServerInfo Info);

/// <summary>Told by a connection to its endpoint: the bus says that it is about to stop.</summary>
/// <param name="ComeBack">In how much time it is back. Null: it has not said. Infinite: never.</param>
internal sealed record BusStops(TimeSpan? ComeBack);

/// <summary>Told to a connection: send this line.</summary>
internal sealed record SendLine(byte[] Line);

/// <summary>Told to a connection: send a request, with its inbox token as the reply-to.</summary>
internal sealed record SendRequest(RequestCommand Request, PendingRequests Requests) : IUndeliverable
{
    // The caller hears from the endpoint, which knows that the connection is gone.
    void IUndeliverable.Undelivered() => Request.ReturnMessage();
}

/// <summary>Told to a connection: PING. Told back with PONG: all that was sent before is done, all that it caused is delivered.</summary>
internal sealed record Barrier(object Tag);

/// <summary>Told to a connection: send what is left, then stop.</summary>
internal sealed class CloseGently
{
    public static readonly CloseGently Instance = new();
}

/// <summary>The channel is connected.</summary>
internal sealed record Dialed(BusChannel Channel) : IUndeliverable
{
    void IUndeliverable.Undelivered() => Channel.Dispose();
}

/// <summary>No channel could be connected.</summary>
internal sealed record DialFailed(Exception Error);

/// <summary>The bus sent INFO.</summary>
internal sealed record InfoReceived(byte[] Json);

/// <summary>The bus sent an error line.</summary>
internal sealed record ErrorReceived(string Text, bool IsFault = false);

/// <summary>The bus asks whether we are there.</summary>
internal sealed class PongOwed
{
    public static readonly PongOwed Instance = new();
}

/// <summary>Time for the next attempt to connect.</summary>
internal sealed class ReconnectDue
{
    public static readonly ReconnectDue Instance = new();
}

/// <summary>The handshake takes too long.</summary>
internal sealed class HandshakeDue
{
    public static readonly HandshakeDue Instance = new();
}
