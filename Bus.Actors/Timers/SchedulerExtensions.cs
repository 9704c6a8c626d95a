#nullable disable
namespace Bus.Actors;

/// <summary>Scheduling what can be called off, and delays in milliseconds.</summary>
public static class SchedulerExtensions
{
    /// <summary>Sends a message once.</summary>
    /// <param name="scheduler">The scheduler.</param>
    /// <param name="millisecondsDelay">After how many milliseconds.</param>
    /// <param name="receiver">Who is told.</param>
    /// <param name="message">The message.</param>
    /// <param name="sender">Who sends it.</param>
    /// <param name="cancelable">Prevents it; may be null.</param>
    public static void ScheduleTellOnce(this ITellScheduler scheduler, int millisecondsDelay, ICanTell receiver, object message, IActorRef sender, ICancelable cancelable = null) =>
        scheduler.ScheduleTellOnce(TimeSpan.FromMilliseconds(millisecondsDelay), receiver, message, sender, cancelable);

    /// <summary>Sends a message again and again.</summary>
    /// <param name="scheduler">The scheduler.</param>
    /// <param name="initialMillisecondsDelay">After how many milliseconds for the first time.</param>
    /// <param name="millisecondsInterval">The milliseconds between two.</param>
    /// <param name="receiver">Who is told.</param>
    /// <param name="message">The message.</param>
    /// <param name="sender">Who sends it.</param>
    /// <param name="cancelable">Ends it; may be null.</param>
    public static void ScheduleTellRepeatedly(this ITellScheduler scheduler, int initialMillisecondsDelay, int millisecondsInterval, ICanTell receiver, object message, IActorRef sender, ICancelable cancelable = null) =>
        scheduler.ScheduleTellRepeatedly(TimeSpan.FromMilliseconds(initialMillisecondsDelay), TimeSpan.FromMilliseconds(millisecondsInterval), receiver, message, sender, cancelable);

    /// <summary>Sends a message once.</summary>
    /// <param name="scheduler">The scheduler.</param>
    /// <param name="delay">After how long.</param>
    /// <param name="receiver">Who is told.</param>
    /// <param name="message">The message.</param>
    /// <param name="sender">Who sends it.</param>
    /// <returns>Prevents it.</returns>
    public static ICancelable ScheduleTellOnceCancelable(this IScheduler scheduler, TimeSpan delay, ICanTell receiver, object message, IActorRef sender)
    {
        var cancelable = new Cancelable(scheduler);
        scheduler.ScheduleTellOnce(delay, receiver, message, sender, cancelable);
        return cancelable;
    }

    /// <summary>Sends a message again and again.</summary>
    /// <param name="scheduler">The scheduler.</param>
    /// <param name="initialDelay">After how long for the first time.</param>
    /// <param name="interval">The time between two.</param>
    /// <param name="receiver">Who is told.</param>
    /// <param name="message">The message.</param>
    /// <param name="sender">Who sends it.</param>
    /// <returns>Ends it.</returns>
    public static ICancelable ScheduleTellRepeatedlyCancelable(this IScheduler scheduler, TimeSpan initialDelay, TimeSpan interval, ICanTell receiver, object message, IActorRef sender)
    {
        var cancelable = new Cancelable(scheduler);
        scheduler.ScheduleTellRepeatedly(initialDelay, interval, receiver, message, sender, cancelable);
        return cancelable;
    }

    /// <summary>Runs code once.</summary>
    /// <param name="scheduler">The scheduler.</param>
    /// <param name="delay">After how long.</param>
    /// <param name="action">The code.</param>
    /// <returns>Prevents it.</returns>
    public static ICancelable ScheduleOnceCancelable(this IActionScheduler scheduler, TimeSpan delay, Action action)
    {
        var cancelable = new Cancelable(scheduler);
        scheduler.ScheduleOnce(delay, action, cancelable);
        return cancelable;
    }

    /// <summary>Runs code again and again.</summary>
    /// <param name="scheduler">The scheduler.</param>
    /// <param name="initialDelay">After how long for the first time.</param>
    /// <param name="interval">The time between two.</param>
    /// <param name="action">The code.</param>
    /// <returns>Ends it.</returns>
    public static ICancelable ScheduleRepeatedlyCancelable(this IActionScheduler scheduler, TimeSpan initialDelay, TimeSpan interval, Action action)
    {
        var cancelable = new Cancelable(scheduler);
        scheduler.ScheduleRepeatedly(initialDelay, interval, action, cancelable);
        return cancelable;
    }
}
