using Bus.Core.State;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Bus.Core.Hosting;

/// <summary>
/// Asks every part of the bus, all at the same time: a part that does not answer within the limit makes the bus unhealthy, one that answers with a problem
/// makes it degraded.
/// </summary>
internal sealed class BusHealthCheck(IServiceProvider services, TimeSpan timeout) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var failure = context.Registration.FailureStatus;
        if (Node() is not { } node) return new HealthCheckResult(failure, "No bus runs here.");
        var name = $"Bus '{node.Options.Name}'";
        if (node.IsStopping) return new HealthCheckResult(failure, $"{name} is stopping or has stopped.");
        if (!node.HasStarted) return new HealthCheckResult(failure, $"{name} has not started yet.");

        var answers = await Task.WhenAll(Parts(node).Select(part => AskAsync(part, cancellationToken)));
        var data = answers.Where(a => a.Health is not null).ToDictionary(a => a.Part.Path.Name, a => (object)a.Health!.Count, StringComparer.Ordinal);
        var silent = answers.Where(a => a.Health is null).Select(a => $"{Path(a.Part)} did not answer within {timeout.TotalSeconds:0.###} s").ToList();
        var problems = answers.Where(a => a.Health?.Problem is not null).Select(a => $"{Path(a.Part)} says that {a.Health!.Problem}").ToList();
        return (silent, problems) switch
        {
            ({ Count: 0 }, { Count: 0 }) => HealthCheckResult.Healthy($"{name} runs.", data),
            ({ Count: 0 }, _) => HealthCheckResult.Degraded($"{name}: {string.Join("; ", problems)}.", exception: null, data),
            _ => new HealthCheckResult(failure, $"{name}: {string.Join("; ", [.. silent, .. problems])}.", exception: null, data),
        };
    }

    /// <summary>The bus of the services; without one, what runs in their actor system.</summary>
    private BusNode? Node() => services.GetService<BusNode>() ?? (services.GetService<ActorSystem>() is { } system ? BusNode.For(system) : null);

    private static IEnumerable<IActorRef> Parts(BusNode node) => [node.Supervisor, node.Topics, .. node.Components.Select(component => component.Actor)];

    private static string Path(IActorRef part) => part.Path.ToStringWithoutAddress();

    private async Task<(IActorRef Part, PartHealth? Health)> AskAsync(IActorRef part, CancellationToken cancellationToken)
    {
        try
        {
            return (part, await part.Ask<PartHealth>(replyTo => new GetHealth(replyTo), timeout, cancellationToken));
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            // Too late, or no longer there.
            return (part, null);
        }
    }
}
