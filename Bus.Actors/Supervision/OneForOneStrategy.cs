#nullable disable
namespace Bus.Actors;

/// <summary>Applies the directive to the child that failed and to no other.</summary>
public sealed class OneForOneStrategy : SupervisorStrategy
{
    /// <summary>Limits the restarts within a time span.</summary>
    /// <param name="maxNrOfRetries">Restarts allowed within the span, after which the child is stopped; null or -1 for no limit, 0 for none at all.</param>
    /// <param name="withinTimeRange">The span; null for ever.</param>
    /// <param name="localOnlyDecider">Chooses the directive.</param>
    public OneForOneStrategy(int? maxNrOfRetries, TimeSpan? withinTimeRange, Func<Exception, Directive> localOnlyDecider)
        : this(maxNrOfRetries, withinTimeRange, Actors.Decider.From(localOnlyDecider))
    {
    }

    /// <summary>Limits the restarts within a time span.</summary>
    /// <param name="maxNrOfRetries">Restarts allowed within the span, after which the child is stopped; null or -1 for no limit, 0 for none at all.</param>
    /// <param name="withinTimeRange">The span; null for ever.</param>
    /// <param name="decider">Chooses the directive.</param>
    public OneForOneStrategy(int? maxNrOfRetries, TimeSpan? withinTimeRange, IDecider decider)
        : this(maxNrOfRetries ?? -1, withinTimeRange is { } range ? (int)range.TotalMilliseconds : Timeout.Infinite, decider)
    {
    }

    /// <summary>Limits the restarts within a time span.</summary>
    /// <param name="maxNrOfRetries">Restarts allowed within the span; -1 for no limit.</param>
    /// <param name="withinTimeMilliseconds">The span in milliseconds; -1 for ever.</param>
    /// <param name="localOnlyDecider">Chooses the directive.</param>
    /// <param name="loggingEnabled">Whether failures are published as log events.</param>
    public OneForOneStrategy(int maxNrOfRetries, int withinTimeMilliseconds, Func<Exception, Directive> localOnlyDecider, bool loggingEnabled = true)
        : this(maxNrOfRetries, withinTimeMilliseconds, Actors.Decider.From(localOnlyDecider), loggingEnabled)
    {
    }

    /// <summary>Limits the restarts within a time span.</summary>
    /// <param name="maxNrOfRetries">Restarts allowed within the span; -1 for no limit.</param>
    /// <param name="withinTimeMilliseconds">The span in milliseconds; -1 for ever.</param>
    /// <param name="decider">Chooses the directive.</param>
    /// <param name="loggingEnabled">Whether failures are published as log events.</param>
    public OneForOneStrategy(int maxNrOfRetries, int withinTimeMilliseconds, IDecider decider, bool loggingEnabled = true)
    {
        ArgumentNullException.ThrowIfNull(decider);
        MaxNumberOfRetries = maxNrOfRetries;
        WithinTimeRangeMilliseconds = withinTimeMilliseconds;
        Decider = decider;
        LoggingEnabled = loggingEnabled;
    }

    /// <summary>Restarts without a limit.</summary>
    /// <param name="localOnlyDecider">Chooses the directive.</param>
    public OneForOneStrategy(Func<Exception, Directive> localOnlyDecider)
        : this(-1, Timeout.Infinite, localOnlyDecider)
    {
    }

    /// <summary>Restarts without a limit.</summary>
    /// <param name="localOnlyDecider">Chooses the directive.</param>
    /// <param name="loggingEnabled">Whether failures are published as log events.</param>
    public OneForOneStrategy(Func<Exception, Directive> localOnlyDecider, bool loggingEnabled = true)
        : this(-1, Timeout.Infinite, localOnlyDecider, loggingEnabled)
    {
    }

    /// <summary>Restarts without a limit.</summary>
    /// <param name="decider">Chooses the directive.</param>
    public OneForOneStrategy(IDecider decider)
        : this(-1, Timeout.Infinite, decider)
    {
    }

    /// <summary>Restarts allowed within the time span; -1 for no limit.</summary>
    public int MaxNumberOfRetries { get; }

    /// <summary>The time span in milliseconds; -1 for ever.</summary>
    public int WithinTimeRangeMilliseconds { get; }

    /// <inheritdoc/>
    public override IDecider Decider { get; }

    /// <summary>The same strategy with another limit.</summary>
    /// <param name="maxNrOfRetries">The limit; -1 for none.</param>
    /// <returns>The strategy.</returns>
    public OneForOneStrategy WithMaxNrOfRetries(int maxNrOfRetries) =>
        new(maxNrOfRetries, WithinTimeRangeMilliseconds, Decider, LoggingEnabled);

    /// <inheritdoc/>
    protected override Directive Handle(IActorRef child, Exception exception) => Decider.Decide(exception);

    internal override void Restart(ActorCell supervisor, LocalActorRef child, Exception cause)
    {
        var window = TimeSpan.FromMilliseconds(WithinTimeRangeMilliseconds);
        var statistics = supervisor.Extras.Children.Restarts(child);
        if (statistics.RequestPermission(MaxNumberOfRetries, window, supervisor.System.Scheduler.MonotonicClock))
        {
            child.SendSystemMessage(new RecreateMessage(cause));
        }
        else
        {
            supervisor.Stop(child);
        }
    }
}
