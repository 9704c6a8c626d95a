using Microsoft.Extensions.Logging;

namespace Bus.Core.Services;

/// <summary>
/// Logs what topics did not take of what the bus publishes: answers to a reply-to that is not declared, last wills. Clients can cause that without end, so the first is
/// logged at once, then at most once a second how many there were. Owned by the actor of a service, which is told <see cref="RefusalsDue"/>.
/// </summary>
internal sealed class RefusedPublishes(ILogger log)
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private int _untold;
    private string _topic = "";
    private string _reason = "";

    public void Add(string topic, string reason, ITimerScheduler timers)
    {
        if (timers.IsTimerActive(RefusalsDue.Instance))
        {
            _untold++;
            (_topic, _reason) = (topic, reason);
            return;
        }

        ServiceLog.NotPublished(log, topic, reason);
        timers.StartSingleTimer(RefusalsDue.Instance, RefusalsDue.Instance, Interval);
    }

    /// <summary>Logs how many there were since the last time, if any.</summary>
    public void Tell(ITimerScheduler timers)
    {
        if (_untold == 0) return;
        ServiceLog.MoreNotPublished(log, _untold, _topic, _reason);
        _untold = 0;
        timers.StartSingleTimer(RefusalsDue.Instance, RefusalsDue.Instance, Interval);
    }
}

/// <summary>Told to a service of the bus by its timer: what was not published meanwhile may be logged.</summary>
internal sealed class RefusalsDue
{
    public static readonly RefusalsDue Instance = new();
}
