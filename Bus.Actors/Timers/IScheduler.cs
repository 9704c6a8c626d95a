#nullable disable
namespace Bus.Actors;

/// <summary>Sends messages later. Thread-safe.</summary>
public interface ITellScheduler
{
    /// <summary>Sends a message once.</summary>
    /// <param name="delay">After how long; zero for as soon as possible.</param>
    /// <param name="receiver">Who is told.</param>
    /// <param name="message">The message.</param>
    /// <param name="sender">Who sends it.</param>
    void ScheduleTellOnce(TimeSpan delay, ICanTell receiver, object message, IActorRef sender);

    /// <summary>Sends a message once.</summary>
    /// <param name="delay">After how long; zero for as soon as possible.</param>
    /// <param name="receiver">Who is told.</param>
    /// <param name="message">The message.</param>
    /// <param name="sender">Who sends it.</param>
    /// <param name="cancelable">Prevents it; may be null.</param>
    void ScheduleTellOnce(TimeSpan delay, ICanTell receiver, object message, IActorRef sender, ICancelable cancelable);

    /// <summary>Sends a message again and again.</summary>
    /// <param name="initialDelay">After how long for the first time.</param>
    /// <param name="interval">The time between two; more than zero.</param>
    /// <param name="receiver">Who is told.</param>
    /// <param name="message">The message.</param>
    /// <param name="sender">Who sends it.</param>
    void ScheduleTellRepeatedly(TimeSpan initialDelay, TimeSpan interval, ICanTell receiver, object message, IActorRef sender);

    /// <summary>Sends a message again and again.</summary>
    /// <param name="initialDelay">After how long for the first time.</param>
    /// <param name="interval">The time between two; more than zero.</param>
    /// <param name="receiver">Who is told.</param>
    /// <param name="message">The message.</param>
    /// <param name="sender">Who sends it.</param>
    /// <param name="cancelable">Ends it; may be null.</param>
    void ScheduleTellRepeatedly(TimeSpan initialDelay, TimeSpan interval, ICanTell receiver, object message, IActorRef sender, ICancelable cancelable);
}

/// <summary>Runs code later, on no actor's turn: the code must not touch an actor's state. Thread-safe.</summary>
public interface IActionScheduler
{
    /// <summary>Runs code once.</summary>
    /// <param name="delay">After how long; zero for as soon as possible.</param>
    /// <param name="action">The code.</param>
    /// <param name="cancelable">Prevents it; may be null.</param>
    void ScheduleOnce(TimeSpan delay, Action action, ICancelable cancelable);

    /// <summary>Runs code once.</summary>
    /// <param name="delay">After how long; zero for as soon as possible.</param>
    /// <param name="action">The code.</param>
    void ScheduleOnce(TimeSpan delay, Action action);

    /// <summary>Runs code again and again.</summary>
    /// <param name="initialDelay">After how long for the first time.</param>
    /// <param name="interval">The time between two; more than zero.</param>
    /// <param name="action">The code.</param>
    /// <param name="cancelable">Ends it; may be null.</param>
    void ScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, Action action, ICancelable cancelable);

    /// <summary>Runs code again and again.</summary>
    /// <param name="initialDelay">After how long for the first time.</param>
    /// <param name="interval">The time between two; more than zero.</param>
    /// <param name="action">The code.</param>
    void ScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, Action action);
}

/// <summary>The part of a scheduler that runs code rather than sends messages.</summary>
public interface IAdvancedScheduler : IActionScheduler;

/// <summary>A clock.</summary>
public interface ITimeProvider
{
    /// <summary>The wall-clock time in UTC; may jump.</summary>
    DateTimeOffset Now { get; }

    /// <summary>Time since some fixed point; never goes back.</summary>
    TimeSpan MonotonicClock { get; }

    /// <summary>The same as <see cref="MonotonicClock"/>.</summary>
    TimeSpan HighResMonotonicClock { get; }
}

/// <summary>The clock of an actor system: tells the time, sends messages and runs code later. Thread-safe.</summary>
public interface IScheduler : ITellScheduler, ITimeProvider
{
    /// <summary>Runs code rather than sends messages.</summary>
    IAdvancedScheduler Advanced { get; }
}
