namespace Bus.Actors;

internal sealed class BackoffSettings : BackoffOptions
{
    private BackoffSettings(BackoffPlan plan) => Plan = plan;

    internal BackoffPlan Plan { get; }

    internal override Props Props
    {
        get
        {
            var plan = Plan;
            plan.Validate();
            return plan.OnFailure ? Actors.Props.Create(() => new BackoffOnRestartSupervisor(plan)) : Actors.Props.Create(() => new BackoffSupervisor(plan));
        }
    }

    internal static BackoffSettings Create(bool onFailure, Props childProps, string childName, TimeSpan minBackoff, TimeSpan maxBackoff, double randomFactor) =>
        new(new BackoffPlan(onFailure, childProps, childName, minBackoff, maxBackoff, randomFactor) { AutoReset = minBackoff });

    public override BackoffOptions WithAutoReset(TimeSpan resetBackoff) => new BackoffSettings(Plan with { AutoReset = resetBackoff });

    public override BackoffOptions WithManualReset() => new BackoffSettings(Plan with { AutoReset = null });

    public override BackoffOptions WithSupervisorStrategy(OneForOneStrategy supervisorStrategy) => new BackoffSettings(Plan with { Strategy = supervisorStrategy });

    public override BackoffOptions WithDefaultStoppingStrategy() => new BackoffSettings(Plan with
    {
        Strategy = new OneForOneStrategy(Plan.Strategy.MaxNumberOfRetries, null, SupervisorStrategy.StoppingStrategy.Decider),
    });

    public override BackoffOptions WithReplyWhileStopped(object replyWhileStopped) => new BackoffSettings(Plan with { ReplyWhileStopped = replyWhileStopped });

    public override BackoffOptions WithMaxNrOfRetries(int maxNrOfRetries) => new BackoffSettings(Plan with { Strategy = Plan.Strategy.WithMaxNrOfRetries(maxNrOfRetries) });

    public override BackoffOptions WithFinalStopMessage(Func<object, bool> isFinalStopMessage) => new BackoffSettings(Plan with { FinalStopMessage = isFinalStopMessage });
}

/// <summary>All that a backoff supervisor needs to know.</summary>
internal sealed record BackoffPlan(bool OnFailure, Props ChildProps, string ChildName, TimeSpan MinBackoff, TimeSpan MaxBackoff, double RandomFactor)
{
    /// <summary>How long the child must run for the delay to begin anew; null if only a Reset message does that.</summary>
    public TimeSpan? AutoReset { get; init; }

    public OneForOneStrategy Strategy { get; init; } = new(SupervisorStrategy.DefaultDecider);

    public object? ReplyWhileStopped { get; init; }

    public Func<object, bool>? FinalStopMessage { get; init; }

    internal void Validate()
    {
        ArgumentNullException.ThrowIfNull(ChildProps);
        if (MinBackoff <= TimeSpan.Zero) throw new ArgumentException($"The smallest backoff is {MinBackoff}; it must be more than zero.");
        if (MaxBackoff < MinBackoff) throw new ArgumentException($"The largest backoff, {MaxBackoff}, must not be less than the smallest, {MinBackoff}.");
        if (RandomFactor is < 0 or > 1) throw new ArgumentException($"The random factor is {RandomFactor}; it must be between 0 and 1.");
    }

    /// <summary>The delay before the next start: doubled for each one before, at most the largest, then lengthened at random.</summary>
    internal TimeSpan Delay(int restartCount)
    {
        var ticks = Math.Min(MaxBackoff.Ticks, MinBackoff.Ticks * Math.Pow(2, restartCount)) * (1 + (Random.Shared.NextDouble() * RandomFactor));
        return ticks < long.MaxValue ? TimeSpan.FromTicks((long)ticks) : MaxBackoff;
    }
}
