namespace Bus.Core.Presence;

/// <summary>Why a connection to the bus has ended or was not let in, or what it was refused, and whose it is.</summary>
public sealed record ConnectionProblem
{
    /// <summary>What went wrong.</summary>
    public required ConnectionProblemKind Kind { get; init; }

    /// <summary>The same in words: the error that the peer was sent, where it was sent one.</summary>
    public required string Text { get; init; }

    /// <summary>The endpoint of the bus that it came through.</summary>
    public required string Endpoint { get; init; }

    /// <summary>Its number on this bus, as in the log. Null for one that was turned away before it got a number.</summary>
    public long? ConnectionId { get; init; }

    /// <summary>Who it is, or for <see cref="ConnectionProblemKind.NameRefused"/> and <see cref="ConnectionProblemKind.NotAuthorized"/>, who wanted to join. Null when it has not said that yet, or not validly.</summary>
    public BusParticipant? Client { get; init; }

    /// <summary>The user id of its process, as in <see cref="BusParticipant.Uid"/>.</summary>
    public long? Uid { get; init; }

    /// <summary>The id of its process, as in <see cref="BusParticipant.Pid"/>.</summary>
    public int? Pid { get; init; }

    /// <summary>The fault behind it. Null where the bus works as it should.</summary>
    public Exception? Cause { get; init; }
}

/// <summary>What a <see cref="ConnectionProblem"/> is about.</summary>
public enum ConnectionProblemKind
{
    /// <summary>The peer broke the protocol, or did not introduce itself in time.</summary>
    ProtocolError,

    /// <summary>The peer did not read what it had subscribed to.</summary>
    SlowConsumer,

    /// <summary>The peer did not answer any more.</summary>
    Stale,

    /// <summary>The name that the peer wanted is somebody else's, or not a valid one.</summary>
    NameRefused,

    /// <summary>The bus did not let the peer in (<c>ConnectionOptions.Authenticate</c>). If the check itself failed, see <see cref="ConnectionProblem.Cause"/>.</summary>
    NotAuthorized,

    /// <summary>As many connections were open as may be (<c>ConnectionOptions.MaxConnections</c>).</summary>
    TooManyConnections,

    /// <summary>The peer asked for something that it may not have, or that is not valid, and was refused that; the connection goes on. Told at most once a second for each connection.</summary>
    Refused,

    /// <summary>An endpoint could not accept a connection (out of file descriptors, say); it tries again in a moment. It is about no peer in particular.</summary>
    AcceptFailed,

    /// <summary>A fault of the bus ended it: see <see cref="ConnectionProblem.Cause"/>.</summary>
    Failed,
}
