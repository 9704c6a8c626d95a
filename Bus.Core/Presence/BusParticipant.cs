namespace Bus.Core.Presence;

/// <summary>Somebody who is on the bus: a connection that has introduced itself, or a bus inside the process.</summary>
public sealed record BusParticipant
{
    /// <summary>Unique on the bus; others send to it by this name. Generated when it chose none.</summary>
    public required string Name { get; init; }

    /// <summary>Identifies it over all its connections: a client keeps it when it reconnects.</summary>
    public required string Id { get; init; }

    /// <summary>Since when it is here. A reconnect begins anew.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>The user id of its process, from the kernel. Null where the kernel does not say: over TCP, and inside the process of the bus.</summary>
    public long? Uid { get; init; }

    /// <summary>The id of its process: from the kernel on Unix sockets, otherwise what it says itself. Null when it does not.</summary>
    public int? Pid { get; init; }

    /// <summary>The endpoint of the bus that it came through; <c>in-process</c> for a bus inside the process.</summary>
    public required string Endpoint { get; init; }

    /// <summary>What it calls itself, be it a program or, for a plain NATS client, the name or the language that it gave. Not unique, not checked.</summary>
    public string? Program { get; init; }
}
