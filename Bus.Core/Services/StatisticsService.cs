using System.Text.Json;
using Bus.Core.State;

namespace Bus.Core.Services;

/// <summary>Answers what the bus has at the moment.</summary>
internal sealed class StatisticsService(BusEnvironment environment) : SystemService(environment)
{
    public const string Name = "statistics";

    protected override void Handle(in SystemRequest request) => request.Reply(JsonSerializer.SerializeToUtf8Bytes(Count(), StatisticsJson.Default.BusStatistics));

    private BusStatistics Count()
    {
        var (counters, retained) = (Environment.Counters, Environment.Router.Retained);
        return new BusStatistics
        {
            Pid = System.Environment.ProcessId,
            Since = Environment.Since,
            Connections = counters.Connections.Value,
            Clients = Environment.Roster.Count,
            Subscriptions = counters.Subscriptions.Value,
            Filters = counters.Filters.Value,
            TopicActors = counters.TopicActors.Value,
            RetainedValues = retained.Count,
            RetainedBytes = retained.Bytes,
            Slabs = Environment.Slabs.Outstanding,
            WorkingSet = System.Environment.WorkingSet,
            Heap = GC.GetTotalMemory(forceFullCollection: false),
            SlowConsumers = counters.SlowConsumers,
            DroppedBatches = counters.DroppedBatches,
        };
    }
}
