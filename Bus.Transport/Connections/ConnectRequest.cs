using Bus.Core.Presence;

namespace Bus.Transport.Connections;

/// <summary>Somebody who wants to take part, as <see cref="ConnectionOptions.Authenticate"/> gets it. Its text has no secrets in it.</summary>
public sealed record ConnectRequest
{
    /// <summary>Who: the name that it will have, and what the kernel knows of its process. The program is what a plain NATS client gives as its name.</summary>
    public required BusParticipant Client { get; init; }

    /// <summary>The number of the connection on this bus, as in the log.</summary>
    public required long ConnectionId { get; init; }

    /// <summary>The user that it says it is. Null: it does not say.</summary>
    public string? User { get; init; }

    /// <summary>The password that goes with it. Null: it gave none.</summary>
    public string? Password { get; init; }

    /// <summary>A token. Null: it gave none.</summary>
    public string? Token { get; init; }

    /// <summary>Whatever else it has to say (<c>BusClientOptions.ConnectPayload</c>). Null: nothing.</summary>
    public string? Payload { get; init; }

    /// <summary>Who, from where, as which user.</summary>
    public override string ToString() => $"{Client.Name} on {Client.Endpoint}, connection {ConnectionId}, user '{User}'";
}

/// <summary>Whether somebody may take part.</summary>
public sealed record ConnectDecision
{
    /// <summary>It may.</summary>
    public static readonly ConnectDecision Allow = new(reason: null);

    private ConnectDecision(string? reason) => Reason = reason;

    /// <summary>Why it may not, for a person. Null: it may.</summary>
    public string? Reason { get; }

    /// <summary>It may not. A C# client closes for good then.</summary>
    /// <param name="reason">Why, for a person at the other end; plain NATS clients are not told.</param>
    public static ConnectDecision Refuse(string reason)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(reason);
        return new ConnectDecision(reason);
    }
}
