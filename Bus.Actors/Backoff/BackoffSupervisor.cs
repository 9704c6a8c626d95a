#nullable disable
namespace Bus.Actors;

/// <summary>Starts its child again, after a growing delay, when it has stopped. Made by <see cref="Props(BackoffOptions)"/>; messages to it go to the child.</summary>
public sealed class BackoffSupervisor : BackoffSupervisorBase
{
    internal BackoffSupervisor(BackoffPlan plan)
        : base(plan)
    {
    }

    /// <summary>The recipe of a backoff supervisor.</summary>
    /// <param name="options">From <see cref="Backoff.OnFailure"/> or <see cref="Backoff.OnStop"/>.</param>
    /// <returns>The recipe.</returns>
    /// <exception cref="ArgumentException">The delays or the random factor are out of range.</exception>
    public static Props Props(BackoffOptions options) => options.Props;

    /// <inheritdoc/>
    protected override SupervisorStrategy SupervisorStrategy() => Plan.Strategy;

    /// <inheritdoc/>
    protected override bool Receive(object message)
    {
        if (message is not Terminated terminated || !terminated.ActorRef.Equals(Child)) return HandleBackoff(message);
        Child = null;
        var limit = Plan.Strategy.MaxNumberOfRetries;
        if (FinalStopMessageReceived || (limit >= 0 && RestartCountN >= limit))
        {
            Context.Stop(Self);
        }
        else
        {
            ScheduleToSelf(Plan.Delay(RestartCountN), StartChild.Instance);
            RestartCountN++;
        }

        return true;
    }

    /// <summary>Asks for <see cref="CurrentChild"/>.</summary>
    public sealed class GetCurrentChild
    {
        /// <summary>The only one.</summary>
        public static readonly GetCurrentChild Instance = new();

        private GetCurrentChild()
        {
        }
    }

    /// <summary>The child at this time.</summary>
    public sealed class CurrentChild
    {
        /// <summary>Describes the child.</summary>
        /// <param name="ref">The child, or null.</param>
        public CurrentChild(IActorRef @ref) => Ref = @ref;

        /// <summary>The child, or null if there is none at this time.</summary>
        public IActorRef Ref { get; }
    }

    /// <summary>Makes the delay begin at the smallest again; understood after WithManualReset.</summary>
    public sealed class Reset
    {
        /// <summary>The only one.</summary>
        public static readonly Reset Instance = new();

        private Reset()
        {
        }
    }

    /// <summary>Asks for <see cref="RestartCount"/>.</summary>
    public sealed class GetRestartCount
    {
        /// <summary>The only one.</summary>
        public static readonly GetRestartCount Instance = new();

        private GetRestartCount()
        {
        }
    }

    /// <summary>How often the child has been started again since the last reset.</summary>
    public sealed class RestartCount
    {
        /// <summary>Describes the count.</summary>
        /// <param name="count">The count.</param>
        public RestartCount(int count) => Count = count;

        /// <summary>The count.</summary>
        public int Count { get; }
    }

    /// <summary>The supervisor's message to itself when the delay is over.</summary>
    public sealed class StartChild : IDeadLetterSuppression
    {
        /// <summary>The only one.</summary>
        public static readonly StartChild Instance = new();

        private StartChild()
        {
        }
    }

    /// <summary>The supervisor's message to itself when the child has run long enough.</summary>
    public sealed class ResetRestartCount : IDeadLetterSuppression
    {
        /// <summary>Describes the reset.</summary>
        /// <param name="current">The count at which it was ordered; it counts only if no start came since.</param>
        public ResetRestartCount(int current) => Current = current;

        /// <summary>The count at which it was ordered.</summary>
        public int Current { get; }
    }
}
