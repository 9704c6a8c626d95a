using Bus.Transport.Nats;

namespace Bus.Transport.Connections;

/// <summary>What a reader tells its connection actor: the frames of one read that are not publishes, in their order.</summary>
internal sealed record Received(IReadOnlyList<object> Frames);

/// <summary>CONNECT arrived.</summary>
internal sealed record ConnectReceived(ConnectOptions Options);

/// <summary>The client says that it is about to close.</summary>
internal sealed class ByeReceived
{
    public static readonly ByeReceived Instance = new();
}

/// <summary>The client says what is to be published when it dies. Null: nothing any more.</summary>
internal sealed record WillReceived(Bus.Core.Presence.KeptMessage? Will);

/// <summary>UNSUB arrived. A maximum of zero ends the subscription now.</summary>
internal sealed record UnsubReceived(byte[] Sid, long Maximum);

/// <summary>The client broke the protocol or asked for what it may not have.</summary>
internal sealed record FaultReceived(NatsError Error);

/// <summary>A verbose client gets this many +OK.</summary>
internal sealed record OkOwed(int Count);

/// <summary>The reader has come to its end: the peer closed, or an error after which nothing more is read.</summary>
internal sealed record ReaderEnded(Exception? Fault);

/// <summary>Told by the actor to itself: send what has been appended. First in, first out: behind the deliveries that are in the mailbox.</summary>
internal sealed class Flush
{
    public static readonly Flush Instance = new();
}

/// <summary>A send that had to wait is done.</summary>
internal sealed record SendCompleted(System.Net.Sockets.SocketError Outcome);

/// <summary>Everything the connection published before it ended has passed: it may close.</summary>
internal sealed class EndOfStream
{
    public static readonly EndOfStream Instance = new();
}

/// <summary>Asks a connection to close after sending this error, if any.</summary>
internal sealed record CloseConnection(NatsError? Error);

/// <summary>Told to a connection: the bus is about to stop. Say so, take nothing more, and answer with <see cref="IntakeOver"/>.</summary>
internal sealed class EndIntake
{
    public static readonly EndIntake Instance = new();
}

/// <summary>Told by a connection to its manager: all that it published has reached its subscriptions, and what it asked for is answered.</summary>
internal sealed class IntakeOver
{
    public static readonly IntakeOver Instance = new();
}

/// <summary>Told to the connection manager by its timer: the intake of some connection does not end.</summary>
internal sealed class IntakeDue
{
    public static readonly IntakeDue Instance = new();
}

/// <summary>PING arrived: the tag of its fence.</summary>
internal sealed class PingReceived
{
    public static readonly PingReceived Instance = new();
}

/// <summary>PONG arrived.</summary>
internal sealed class PongReceived
{
    public static readonly PongReceived Instance = new();
}

/// <summary>Told to the connection manager: let every connection send what it has, then stop.</summary>
internal sealed class CloseAll
{
    public static readonly CloseAll Instance = new();
}
