using Bus.Core.Messages;
using Bus.Core.State;
using Microsoft.Extensions.Logging;

namespace Bus.Core.Services;

/// <summary>A service of the bus itself: takes requests on system topics and answers them. A request that it fails on is answered with an error, and logged.</summary>
internal abstract class SystemService : UntypedActor, IWithTimers
{
    private readonly ILogger _log;

    protected SystemService(BusEnvironment environment)
    {
        Environment = environment;
        Publisher = new SystemPublisher(environment, () => Timers);
        _log = environment.Loggers.CreateLogger(GetType());
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected BusEnvironment Environment { get; }

    protected SystemPublisher Publisher { get; }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Delivery delivery:
                Take(delivery);
                break;
            case RefusalsDue:
                Publisher.TellRefused(Timers);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    /// <summary>Handles one request.</summary>
    protected abstract void Handle(in SystemRequest request);

    private void Take(Delivery delivery)
    {
        try
        {
            for (var n = 0; n < delivery.Count; n++) Take(new SystemRequest(delivery.Batch, delivery[n], Publisher));
        }
        finally
        {
            delivery.Dispose();
        }
    }

    private void Take(in SystemRequest request)
    {
        try
        {
            Handle(request);
        }
        catch (Exception e)
        {
            ServiceLog.RequestFailed(_log, request.Topic, e);
            request.Fail("The bus failed on this request; its log says why.", code: 500, "bus-failed");
        }
    }
}
