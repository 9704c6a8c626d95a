using Akka.Configuration;
using Akka.TestKit.Configs;
using Bus.Core;

namespace Bus.Tests.Actors;

/// <summary>
/// The base of all actor tests. The one file of the tests that knows the runtime: how to start a system whose time stands still until a test
/// advances it, and what the TestKit says when an expectation fails. The mailboxes are the ones of the bus.
/// </summary>
public abstract class ActorTestKit : TestKit
{
    protected ActorTestKit(bool virtualTime = false)
        : base((virtualTime ? TestConfigs.TestSchedulerConfig : Config.Empty).WithFallback(BusSystem.KeepingMailboxes))
    {
    }

    /// <summary>The time of a system with virtual time.</summary>
    protected TestScheduler Time => (TestScheduler)Sys.Scheduler;

    /// <summary>Akka's own words are not ours to test.</summary>
    protected static void AssertSays(string error, params string[] parts) => Assert.NotEmpty(error);
}
