namespace Bus.Core.Rpc;

/// <summary>What an instance of a service has done.</summary>
public sealed record ServiceStatus
{
    /// <summary>The name of the service.</summary>
    public required string Name { get; init; }

    /// <summary>The id of the instance.</summary>
    public required string Id { get; init; }

    /// <summary>Its version.</summary>
    public required string Version { get; init; }

    /// <summary>Since when it runs.</summary>
    public required DateTimeOffset Started { get; init; }

    /// <summary>Calls that are carried out now.</summary>
    public required int Running { get; init; }

    /// <summary>Calls that wait for their turn.</summary>
    public required int Waiting { get; init; }

    /// <summary>Its methods, in the order in which they were added.</summary>
    public required IReadOnlyList<MethodStatus> Methods { get; init; }
}

/// <summary>What a method has done.</summary>
public sealed record MethodStatus
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Where it is called.</summary>
    public required string Topic { get; init; }

    /// <summary>Calls that have ended.</summary>
    public required long Requests { get; init; }

    /// <summary>How many of them failed.</summary>
    public required long Errors { get; init; }

    /// <summary>What the last one that failed did so with. Null: none has.</summary>
    public string? LastError { get; init; }

    /// <summary>How long all of them took together.</summary>
    public required TimeSpan ProcessingTime { get; init; }

    /// <summary>How long one took on average.</summary>
    public TimeSpan AverageTime => Requests == 0 ? TimeSpan.Zero : ProcessingTime / Requests;
}
