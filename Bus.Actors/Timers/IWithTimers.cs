#nullable disable
namespace Bus.Actors;

/// <summary>An actor with timers of its own. The runtime sets the property after the constructor, before PreStart.</summary>
public interface IWithTimers
{
    /// <summary>The timers; they end with the instance of the actor, at a restart too.</summary>
    ITimerScheduler Timers { get; set; }
}

/// <summary>The timers of one actor, each under a key. Starting one under a key in use replaces it, and no message of the old one comes any more. Only for the actor's own turn.</summary>
public interface ITimerScheduler
{
    /// <summary>The keys of the timers that run.</summary>
    IReadOnlyCollection<object> ActiveTimers { get; }

    /// <summary>Sends the actor a message again and again.</summary>
    /// <param name="key">The name of the timer.</param>
    /// <param name="msg">The message.</param>
    /// <param name="interval">The time before the first and between two.</param>
    void StartPeriodicTimer(object key, object msg, TimeSpan interval);

    /// <summary>Sends the actor a message again and again.</summary>
    /// <param name="key">The name of the timer.</param>
    /// <param name="msg">The message.</param>
    /// <param name="interval">The time before the first and between two.</param>
    /// <param name="sender">Who sends it.</param>
    void StartPeriodicTimer(object key, object msg, TimeSpan interval, IActorRef sender);

    /// <summary>Sends the actor a message again and again.</summary>
    /// <param name="key">The name of the timer.</param>
    /// <param name="msg">The message.</param>
    /// <param name="initialDelay">The time before the first.</param>
    /// <param name="interval">The time between two.</param>
    void StartPeriodicTimer(object key, object msg, TimeSpan initialDelay, TimeSpan interval);

    /// <summary>Sends the actor a message again and again.</summary>
    /// <param name="key">The name of the timer.</param>
    /// <param name="msg">The message.</param>
    /// <param name="initialDelay">The time before the first.</param>
    /// <param name="interval">The time between two.</param>
    /// <param name="sender">Who sends it.</param>
    void StartPeriodicTimer(object key, object msg, TimeSpan initialDelay, TimeSpan interval, IActorRef sender);

    /// <summary>Sends the actor a message once.</summary>
    /// <param name="key">The name of the timer.</param>
    /// <param name="msg">The message.</param>
    /// <param name="timeout">After how long.</param>
    void StartSingleTimer(object key, object msg, TimeSpan timeout);

    /// <summary>Sends the actor a message once.</summary>
    /// <param name="key">The name of the timer.</param>
    /// <param name="msg">The message.</param>
    /// <param name="timeout">After how long.</param>
    /// <param name="sender">Who sends it.</param>
    void StartSingleTimer(object key, object msg, TimeSpan timeout, IActorRef sender);

    /// <summary>Whether a timer runs.</summary>
    /// <param name="key">Its name.</param>
    /// <returns>Whether it runs.</returns>
    bool IsTimerActive(object key);

    /// <summary>Ends a timer; a message of it that waits in the mailbox is dropped.</summary>
    /// <param name="key">Its name.</param>
    void Cancel(object key);

    /// <summary>Ends all timers.</summary>
    void CancelAll();
}
