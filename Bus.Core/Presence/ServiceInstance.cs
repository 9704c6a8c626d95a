namespace Bus.Core.Presence;

/// <summary>An instance of a service that is on the bus.</summary>
public sealed record ServiceInstance
{
    /// <summary>The name of the service.</summary>
    public required string Name { get; init; }

    /// <summary>Tells it from the other instances.</summary>
    public required string Id { get; init; }

    /// <summary>Its version. Null while it has not answered.</summary>
    public string? Version { get; init; }

    /// <summary>What it is for.</summary>
    public string? Description { get; init; }

    /// <summary>What else it tells of itself.</summary>
    public IReadOnlyDictionary<string, string>? Metadata { get; init; }

    /// <summary>The name of the client that offers it. Null for one that has not introduced itself.</summary>
    public string? Client { get; init; }

    /// <summary>The user id of its process, where the kernel tells it.</summary>
    public long? Uid { get; init; }

    /// <summary>The id of its process.</summary>
    public int? Pid { get; init; }

    /// <summary>Since when the bus knows it. A reconnect begins anew.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>When it last answered the bus. Null: it has not.</summary>
    public DateTimeOffset? LastHeard { get; init; }

    /// <summary>What it offers, and what that has done, as of <see cref="LastHeard"/>.</summary>
    public IReadOnlyList<ServiceEndpoint> Endpoints { get; init; } = [];
}

/// <summary>A method of an instance of a service.</summary>
public sealed record ServiceEndpoint
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>The topic on which it is called.</summary>
    public required string Topic { get; init; }

    /// <summary>The queue group that the instances share. Null: each gets every call.</summary>
    public string? Queue { get; init; }

    /// <summary>What else is told of it, such as a description or the schema of its request.</summary>
    public IReadOnlyDictionary<string, string>? Metadata { get; init; }

    /// <summary>Calls that have ended. Null: it has not said.</summary>
    public long? Requests { get; init; }

    /// <summary>How many of them failed. Null: it has not said.</summary>
    public long? Errors { get; init; }

    /// <summary>What the last one that failed did so with.</summary>
    public string? LastError { get; init; }

    /// <summary>How long a call took on average, in milliseconds. Null: it has not said.</summary>
    public double? AverageMs { get; init; }
}

/// <summary>An instance of a service came or went.</summary>
public sealed record ServiceEvent
{
    /// <summary>Whether it is there now. False: it is gone.</summary>
    public required bool IsUp { get; init; }

    /// <summary>The instance, as far as the bus knows it.</summary>
    public required ServiceInstance Service { get; init; }
}

/// <summary>The answer to a request on <c>$BUS.SERVICES</c>.</summary>
/// <param name="Count">How many there are.</param>
/// <param name="Services">The first of them, as many as fit into a message, by name and since when they are there.</param>
internal sealed record ServiceList(int Count, IReadOnlyList<ServiceInstance> Services);
