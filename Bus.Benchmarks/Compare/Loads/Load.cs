using Bus.Benchmarks.Compare.Scenarios;
using Bus.Benchmarks.Compare.Servers;

namespace Bus.Benchmarks.Compare.Loads;

/// <summary>Something that is run against a server and reports figures.</summary>
internal abstract record Load
{
    /// <summary>Runs once.</summary>
    /// <returns>The figures by name.</returns>
    /// <exception cref="LoadFailedException">The run could not be made, or lost, doubled or reordered messages.</exception>
    public abstract Task<IReadOnlyDictionary<string, double>> RunAsync(ServerProcess server, Over over, Tools tools, CancellationToken cancellationToken);

    /// <summary>The same load with a fraction of its messages, for warm-ups and quick runs.</summary>
    public abstract Load Divided(int by);
}
