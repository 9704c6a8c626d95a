namespace Bus.Actors.TestKit;

/// <summary>Systems that only tests want. Akka makes them by configuration, so nothing here is public.</summary>
internal static class TestSystems
{
    /// <summary>A system whose time stands still until <see cref="TestScheduler.Advance"/>; its scheduler is that <see cref="TestScheduler"/>.</summary>
    public static ActorSystem WithVirtualTime(string name = "test")
    {
        var time = new VirtualTime();
        return ActorSystem.Create(name, new ActorSystemOptions { TimeProvider = time, Scheduler = system => new TestScheduler(time, system.WhenTerminated) });
    }
}
