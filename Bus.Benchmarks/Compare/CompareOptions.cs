using Bus.Benchmarks.Compare.Scenarios;

namespace Bus.Benchmarks.Compare;

/// <summary>What was asked for on the command line.</summary>
internal sealed record CompareOptions
{
    public int Rounds { get; init; } = 5;

    /// <summary>A tenth of the messages: to see that everything runs, not to read figures.</summary>
    public bool Quick { get; init; }

    public bool WithFloor { get; init; }

    public bool WithNats { get; init; } = true;

    public Over[] Transports { get; init; } = [Over.Tcp, Over.Unix];

    /// <summary>Keys of scenarios; empty: all.</summary>
    public IReadOnlyList<string> Only { get; init; } = [];

    /// <summary>Adds rounds to those of earlier runs instead of replacing them.</summary>
    public bool Append { get; init; }

    /// <summary>Writes table and chart from the measurements that are there, without a run.</summary>
    public bool ReportOnly { get; init; }

    /// <summary>Where the results go.</summary>
    public required string Folder { get; init; }

    /// <summary>An ipcbus.dll to measure instead of the one of this source tree.</summary>
    public string? Server { get; init; }

    /// <summary>Also replaces table and chart of docs/performance.md.</summary>
    public bool WriteDocs { get; init; }
}
