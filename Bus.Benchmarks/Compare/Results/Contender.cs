using Bus.Benchmarks.Compare.Loads;
using Bus.Benchmarks.Compare.Scenarios;
using Bus.Benchmarks.Compare.Servers;

namespace Bus.Benchmarks.Compare.Results;

/// <summary>One of those that take turns in a round.</summary>
internal sealed record Contender(string Who, ServerKind Server, Over Over, Load Load)
{
    public const string Ours = "ipcbus";
    public const string Nats = "nats-server";
    public const string Floor = "floor";

    /// <summary>The yardstick of a scenario that compares two loads on our own server.</summary>
    public const string Yardstick = "natsload";

    /// <summary>Who takes turns, in this order.</summary>
    public static IReadOnlyList<Contender> Of(Scenario scenario, Over[] transports, bool withNats, bool withFloor)
    {
        var over = scenario.Transports.Intersect(transports).ToList();
        var ours = over.Select(o => new Contender(Ours, ServerKind.IpcBus, o, scenario.Load));
        if (scenario.Yardstick is { } yardstick) return [.. ours.SelectMany(o => (Contender[])[o, o with { Who = Yardstick, Load = yardstick }])];
        return
        [
            .. ours,
            .. withNats && over.Count > 0 ? [new Contender(Nats, ServerKind.NatsServer, Over.Tcp, scenario.Load)] : (Contender[])[],
            .. withFloor && scenario.FitsFloor ? over.Select(o => new Contender(Floor, ServerKind.Floor, o, scenario.Load)) : [],
        ];
    }
}
