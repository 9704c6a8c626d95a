namespace Bus.Tests.Actors;

/// <summary>
/// The base of all actor tests. The one file of the tests that knows the runtime: how to start a system whose time stands still until a test
/// advances it, and what the TestKit says when an expectation fails.
/// </summary>
public abstract class ActorTestKit : TestKit
{
    protected ActorTestKit(bool virtualTime = false)
        : base(virtualTime ? TestSystems.WithVirtualTime() : null)
    {
    }

    /// <summary>The time of a system with virtual time.</summary>
    protected TestScheduler Time => (TestScheduler)Sys.Scheduler;

    /// <summary>The text of a failed expectation names all that matters.</summary>
    protected static void AssertSays(string error, params string[] parts) => Assert.All(parts, part => Assert.Contains(part, error, StringComparison.Ordinal));
}
