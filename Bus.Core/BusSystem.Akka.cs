using Akka.Configuration;

namespace Bus.Core;

/// <summary>The one file of the bus that knows the runtime: how an actor system is started.</summary>
internal static class BusSystem
{
    // The output belongs to the application, so Akka prints nothing: what it logs goes through the event stream to the host's logger. When to stop is
    // the host's decision, so no hook in the end of the process. An Ask is always finite, and here as on the built-in runtime.
    private static readonly Config Settings = ConfigurationFactory.ParseString(
        """
        akka {
          loggers = []
          stdout-loglevel = OFF
          log-dead-letters = off
          coordinated-shutdown.run-by-clr-shutdown-hook = off
          actor.ask-timeout = 30s
        }
        """);

    /// <summary>Starts an actor system that logs to its event stream only.</summary>
    public static ActorSystem Create(string name) => ActorSystem.Create(name, Settings);
}
