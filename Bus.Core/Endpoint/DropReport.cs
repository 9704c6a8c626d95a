using Bus.Core.Client;
using Microsoft.Extensions.Logging;

namespace Bus.Core.Endpoint;

/// <summary>
/// Tells of the messages that a subscription drops because its consumer is slow: the first time at once, then at most once a
/// second with their number, so that a flood of drops is no flood of events. Owned by the subscription actor, which is told <see cref="DropsDue"/>.
/// </summary>
internal sealed class DropReport(SubscriptionCore core, ITimerScheduler timers, ILogger log)
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private long _untold;

    public void Add(long messages) => _untold += messages;

    /// <summary>The end of a run: tells what was dropped, if it is time.</summary>
    public void Run()
    {
        if (_untold > 0 && !timers.IsTimerActive(DropsDue.Instance)) Tell();
    }

    /// <summary>The time is up, or nothing more will come: tells what was dropped since the last time.</summary>
    public void Tell()
    {
        if (_untold == 0) return;
        var (count, filters, policy) = (_untold, core.Filters.ToString(), core.Options.WhenFull);
        _untold = 0;
        timers.StartSingleTimer(DropsDue.Instance, DropsDue.Instance, Interval);
        BusLog.Dropped(log, filters, count, policy);
        core.Bus.Notice(BusNoticeKind.SlowConsumer, $"The subscription to '{filters}' has dropped {Plural.Of(count, "message")} ({policy}): its consumer is slower than what arrives.", filters, count);
    }
}
