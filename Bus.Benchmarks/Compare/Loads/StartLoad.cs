using Bus.Benchmarks.Compare.Scenarios;
using Bus.Benchmarks.Compare.Servers;

namespace Bus.Benchmarks.Compare.Loads;

/// <summary>No load at all: how long the server took until it answered a PING, and what it holds two seconds later.</summary>
internal sealed record StartLoad : Load
{
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(2);

    public override async Task<IReadOnlyDictionary<string, double>> RunAsync(ServerProcess server, Over over, Tools tools, CancellationToken cancellationToken)
    {
        await Task.Delay(Settle, TimeProvider.System, cancellationToken);
        return new Dictionary<string, double>(StringComparer.Ordinal) { ["ready_ms"] = server.ReadyAfter.TotalMilliseconds, ["rss_mib"] = server.ResidentKiB() / 1024.0 };
    }

    public override Load Divided(int by) => this;
}
