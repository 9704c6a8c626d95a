using Bus.Benchmarks.Compare.Loads;

namespace Bus.Benchmarks.Compare.Scenarios;

/// <summary>One load, what it is run against, and the figures that are read from it.</summary>
/// <param name="Key">Names it on the command line and in files.</param>
/// <param name="Title">Names it for readers.</param>
/// <param name="Load">What is run; the same for every server.</param>
internal sealed record Scenario(string Key, string Title, Load Load)
{
    public required Figure[] Figures { get; init; }

    /// <summary>
    /// Compare with this load on our own server instead of the same load on nats-server. Its figures need not have the same names:
    /// they are read from the fields of <see cref="Figures"/>.
    /// </summary>
    public Load? Yardstick { get; init; }

    /// <summary>The transports over which our server is measured.</summary>
    public Over[] Transports { get; init; } = [Over.Tcp, Over.Unix];

    /// <summary>A new server process for every run, without a warm-up: for memory, for the start, and for the first seconds.</summary>
    public bool Fresh { get; init; }

    /// <summary>The floor has no routing table, at most 4,096 subscriptions and buffers of 128 KiB; not every load fits into that.</summary>
    public bool FitsFloor { get; init; } = true;
}
