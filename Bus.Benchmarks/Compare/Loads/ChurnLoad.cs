using Bus.Benchmarks.Compare.Scenarios;
using Bus.Benchmarks.Compare.Servers;

namespace Bus.Benchmarks.Compare.Loads;

/// <summary>A publisher alone, then the same beside a client that subscribes to inboxes and unsubscribes from them a millisecond later.</summary>
internal sealed record ChurnLoad(NatsLoad Publisher, int InboxesPerSecond) : Load
{
    public override async Task<IReadOnlyDictionary<string, double>> RunAsync(ServerProcess server, Over over, Tools tools, CancellationToken cancellationToken)
    {
        var alone = await Publisher.RunAsync(server, over, tools, cancellationToken);
        var beside = await Publisher.With("churn", InboxesPerSecond).RunAsync(server, over, tools, cancellationToken);

        // A server that holds the inboxes up would make the publisher look good.
        if (beside["churn_per_s"] < 0.9 * InboxesPerSecond)
            throw new LoadFailedException($"Only {beside["churn_per_s"]:N0} inboxes a second instead of {InboxesPerSecond:N0} were subscribed and unsubscribed.");
        return new Dictionary<string, double>(beside, StringComparer.Ordinal) { ["rate_kept"] = beside["msgs_per_s"] / alone["msgs_per_s"] };
    }

    // Never shorter than it takes to reach the rate.
    public override Load Divided(int by) => this with { Publisher = (NatsLoad)Publisher.Divided(Math.Min(by, 2)) };
}
