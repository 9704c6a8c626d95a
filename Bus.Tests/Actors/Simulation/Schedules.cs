namespace Bus.Tests.Actors.Simulation;

/// <summary>Runs a scenario under many schedules, each from its own seed; a failure names the seed, which replays it.</summary>
internal static class Schedules
{
    internal static void Explore(int count, Action<SimulatedSystem> scenario)
    {
        for (var seed = 0; seed < count; seed++) Replay(seed, scenario);
    }

    internal static void Replay(int seed, Action<SimulatedSystem> scenario)
    {
        var system = new SimulatedSystem(seed);
        try
        {
            scenario(system);
            system.Shutdown();
        }
        catch (Exception cause)
        {
            throw new InvalidOperationException($"The schedule of seed {seed} failed; replay it with Schedules.Replay({seed}, ...): {cause.Message}", cause);
        }
    }
}

/// <summary>An actor system whose every step is drawn from a seed.</summary>
internal sealed class SimulatedSystem
{
    internal SimulatedSystem(int seed)
    {
        Random = new Random(seed);
        Dispatcher = new SimulationDispatcher(seed);
        System = ActorSystem.Create("simulation", new ActorSystemOptions { Dispatcher = Dispatcher, Throughput = Random.Next(1, 4) });
    }

    internal Random Random { get; }

    internal SimulationDispatcher Dispatcher { get; }

    internal ActorSystem System { get; }

    /// <summary>A few steps of the actors, as if another thread went on at its own pace.</summary>
    internal void RunABit()
    {
        for (var steps = Random.Next(6); steps > 0 && Dispatcher.RunOne(); steps--)
        {
        }
    }

    internal void RunUntilIdle() => Dispatcher.RunUntilIdle();

    internal void Shutdown()
    {
        _ = System.Terminate();
        RunUntilIdle();
        Assert.True(System.WhenTerminated.IsCompleted, "All actors are at rest, but the system has not terminated.");
    }
}
