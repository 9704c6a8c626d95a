using Akka.Configuration;
using Bus.Core;

namespace Bus.Akka.Hosting;

/// <summary>What a bus wants from the configuration of an actor system that it does not start itself.</summary>
public static class IpcBusConfig
{
    /// <summary>
    /// The default mailbox of the system becomes one that passes every message it cannot deliver on to the dead letters. Akka's own may lose one that
    /// comes while its actor stops, and with it the answer that somebody on the bus waits for. <c>WithIpcBus</c> adds this; where you create the
    /// actor system yourself, do it there: <c>ActorSystem.Create("app", config.WithFallback(IpcBusConfig.Default))</c>.
    /// </summary>
    public static Config Default => BusSystem.KeepingMailboxes;
}
