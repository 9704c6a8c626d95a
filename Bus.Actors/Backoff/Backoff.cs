#nullable disable
namespace Bus.Actors;

/// <summary>Describes supervisors that start their child again after a delay that grows, from the smallest to the largest, by a factor of two each time.</summary>
public static class Backoff
{
    /// <summary>For a child that fails: when its strategy says restart, it is stopped and started anew after the delay. A child that stops by itself ends the supervisor.</summary>
    /// <param name="childProps">How to make the child.</param>
    /// <param name="childName">Its name.</param>
    /// <param name="minBackoff">The first delay; more than zero.</param>
    /// <param name="maxBackoff">The largest delay.</param>
    /// <param name="randomFactor">0 to 1: each delay is lengthened by up to this part of it, so that many children don't start at once.</param>
    /// <param name="maxNrOfRetries">After how many starts in a row the supervisor gives up and stops; -1 for never.</param>
    /// <returns>Options for <see cref="BackoffSupervisor.Props(BackoffOptions)"/>.</returns>
    public static BackoffOptions OnFailure(Props childProps, string childName, TimeSpan minBackoff, TimeSpan maxBackoff, double randomFactor, int maxNrOfRetries) =>
        BackoffSettings.Create(true, childProps, childName, minBackoff, maxBackoff, randomFactor).WithMaxNrOfRetries(maxNrOfRetries);

    /// <summary>For a child that stops itself when something is wrong: it is started anew after the delay. A child that fails is dealt with by the strategy first.</summary>
    /// <param name="childProps">How to make the child.</param>
    /// <param name="childName">Its name.</param>
    /// <param name="minBackoff">The first delay; more than zero.</param>
    /// <param name="maxBackoff">The largest delay.</param>
    /// <param name="randomFactor">0 to 1: each delay is lengthened by up to this part of it, so that many children don't start at once.</param>
    /// <param name="maxNrOfRetries">After how many starts in a row the supervisor gives up and stops; -1 for never.</param>
    /// <returns>Options for <see cref="BackoffSupervisor.Props(BackoffOptions)"/>.</returns>
    public static BackoffOptions OnStop(Props childProps, string childName, TimeSpan minBackoff, TimeSpan maxBackoff, double randomFactor, int maxNrOfRetries) =>
        BackoffSettings.Create(false, childProps, childName, minBackoff, maxBackoff, randomFactor).WithMaxNrOfRetries(maxNrOfRetries);
}

/// <summary>What a <see cref="BackoffSupervisor"/> does; immutable.</summary>
public abstract class BackoffOptions
{
    private protected BackoffOptions()
    {
    }

    internal abstract Props Props { get; }

    /// <summary>The delay begins at the smallest again once the child has run for a while. The default, with the smallest delay.</summary>
    /// <param name="resetBackoff">How long the child must have run.</param>
    /// <returns>The new options.</returns>
    public abstract BackoffOptions WithAutoReset(TimeSpan resetBackoff);

    /// <summary>The delay begins at the smallest again when the supervisor is told <see cref="BackoffSupervisor.Reset"/>.</summary>
    /// <returns>The new options.</returns>
    public abstract BackoffOptions WithManualReset();

    /// <summary>Which failures of the child mean a restart, and how many restarts are allowed.</summary>
    /// <param name="supervisorStrategy">The strategy.</param>
    /// <returns>The new options.</returns>
    public abstract BackoffOptions WithSupervisorStrategy(OneForOneStrategy supervisorStrategy);

    /// <summary>Every failure stops the child.</summary>
    /// <returns>The new options.</returns>
    public abstract BackoffOptions WithDefaultStoppingStrategy();

    /// <summary>What to answer to messages that come while there is no child; without it they go to the dead letters.</summary>
    /// <param name="replyWhileStopped">The answer.</param>
    /// <returns>The new options.</returns>
    public abstract BackoffOptions WithReplyWhileStopped(object replyWhileStopped);

    /// <summary>After how many starts in a row the supervisor gives up and stops.</summary>
    /// <param name="maxNrOfRetries">The number; -1 for never.</param>
    /// <returns>The new options.</returns>
    public abstract BackoffOptions WithMaxNrOfRetries(int maxNrOfRetries);

    /// <summary>Which message to the child means that it is not to be started again after it has stopped.</summary>
    /// <param name="isFinalStopMessage">Whether a message is of that kind.</param>
    /// <returns>The new options.</returns>
    public abstract BackoffOptions WithFinalStopMessage(Func<object, bool> isFinalStopMessage);
}
