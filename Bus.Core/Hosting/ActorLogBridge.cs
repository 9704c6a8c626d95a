using Bus.Core.Endpoint;
using Microsoft.Extensions.Logging;

namespace Bus.Core.Hosting;

/// <summary>Passes what the actor runtime logs (failures that supervision handled, above all) on to the host's logger.</summary>
internal sealed class ActorLogBridge(ILogger log) : UntypedActor
{
    protected override void PreStart() => Context.System.EventStream.Subscribe(Self, typeof(LogEvent));

    protected override void PostStop() => Context.System.EventStream.Unsubscribe(Self);

    protected override void OnReceive(object message)
    {
        if (message is not LogEvent entry) return;
        var text = entry.Message?.ToString() ?? "";
        switch (entry)
        {
            case Error:
                BusLog.ActorError(log, entry.LogSource, text, entry.Cause);
                break;
            case Warning:
                BusLog.ActorWarning(log, entry.LogSource, text, entry.Cause);
                break;
            default:
                BusLog.ActorInfo(log, entry.LogSource, text, entry.Cause);
                break;
        }
    }
}
