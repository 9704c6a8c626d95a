namespace Bus.Core.Caching;

/// <summary>What the calls of a bus that may take the answer of another have found, since the bus was opened, and what is kept now.</summary>
public sealed record ResponseCacheStatistics
{
    /// <summary>Calls whose answer was there.</summary>
    public required long Hits { get; init; }

    /// <summary>Calls that waited for the answer to an equal one that was under way.</summary>
    public required long Shared { get; init; }

    /// <summary>Calls that were made.</summary>
    public required long Misses { get; init; }

    /// <summary>Calls that are being made now, and that others may wait for.</summary>
    public required int UnderWay { get; init; }

    /// <summary>Answers that are kept. One that is too old goes within a minute, and at the latest when the cache is used again.</summary>
    public required long Entries { get; init; }

    /// <summary>Bytes that these take, with their requests.</summary>
    public required long Bytes { get; init; }
}
