#nullable disable

namespace Bus.Actors;

/// <summary>
/// Shuts a system down in phases: the tasks of one phase run at the same time, the next phase begins when they are done, have failed or have used up the
/// phase's time. The last phase stops all actors. It runs once, also when the system is terminated. Thread-safe.
/// </summary>
public sealed class CoordinatedShutdown
{
    /// <summary>Before the service stops taking new work.</summary>
    public const string PhaseBeforeServiceUnbind = "before-service-unbind";

    /// <summary>Stop taking new connections.</summary>
    public const string PhaseServiceUnbind = "service-unbind";

    /// <summary>Wait for requests under way.</summary>
    public const string PhaseServiceRequestsDone = "service-requests-done";

    /// <summary>Final shutdown of the service.</summary>
    public const string PhaseServiceStop = "service-stop";

    /// <summary>The last phase with all actors alive.</summary>
    public const string PhaseBeforeActorSystemTerminate = "before-actor-system-terminate";

    /// <summary>Stops all actors.</summary>
    public const string PhaseActorSystemTerminate = "actor-system-terminate";

    private static readonly string[] Phases =
    [
        PhaseBeforeServiceUnbind, PhaseServiceUnbind, PhaseServiceRequestsDone, PhaseServiceStop, PhaseBeforeActorSystemTerminate, PhaseActorSystemTerminate,
    ];

    private readonly ActorSystemImpl _system;
    private readonly ShutdownPhases _tasks;
    private readonly TaskCompletionSource<Done> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Reason _reason;

    internal CoordinatedShutdown(ActorSystemImpl system)
    {
        _system = system;
        _tasks = new ShutdownPhases(system);
        AddTask(PhaseActorSystemTerminate, "terminate-system", async () =>
        {
            system.StopGuardians();
            await system.WhenTerminated.ConfigureAwait(false);
            return Done.Instance;
        });
    }

    /// <summary>Why the shutdown was run; null before.</summary>
    public Reason ShutdownReason => Volatile.Read(ref _reason);

    /// <summary>The time of all phases that have tasks.</summary>
    public TimeSpan TotalTimeout => Phases.Where(_tasks.HasTasks).Aggregate(TimeSpan.Zero, (total, phase) => total + Timeout(phase));

    /// <summary>The coordinated shutdown of a system.</summary>
    /// <param name="sys">The system.</param>
    /// <returns>Always the same object for one system.</returns>
    public static CoordinatedShutdown Get(ActorSystem sys) => ((ActorSystemImpl)sys).CoordinatedShutdown;

    /// <summary>Adds a task to a phase. A task that is added after its phase has begun does not run.</summary>
    /// <param name="phase">One of the phases named here.</param>
    /// <param name="taskName">For the log.</param>
    /// <param name="task">The task; a failure is logged and does not stop the shutdown.</param>
    /// <exception cref="ArgumentException">There is no such phase.</exception>
    public void AddTask(string phase, string taskName, Func<Task<Done>> task)
    {
        ArgumentException.ThrowIfNullOrEmpty(taskName);
        ArgumentNullException.ThrowIfNull(task);
        Check(phase);
        _tasks.Add(phase, taskName, task);
    }

    /// <summary>Runs the shutdown, or joins the one that runs.</summary>
    /// <param name="reason">Why; the first one counts.</param>
    /// <param name="fromPhase">The phase to begin with; null for the first.</param>
    /// <returns>Ends when the last phase has.</returns>
    public Task<Done> Run(Reason reason, string fromPhase = null)
    {
        ArgumentNullException.ThrowIfNull(reason);
        if (fromPhase is not null) Check(fromPhase);
        if (Interlocked.CompareExchange(ref _reason, reason, null) is null) _ = RunPhases(fromPhase is null ? 0 : Array.IndexOf(Phases, fromPhase));
        return _done.Task;
    }

    /// <summary>How long a phase may take: 5 seconds, 10 for the last one.</summary>
    /// <param name="phase">The phase.</param>
    /// <returns>The time.</returns>
    /// <exception cref="ArgumentException">There is no such phase.</exception>
    public TimeSpan Timeout(string phase)
    {
        Check(phase);
        return TimeSpan.FromSeconds(phase == PhaseActorSystemTerminate ? 10 : 5);
    }

    private static void Check(string phase)
    {
        if (!Phases.Contains(phase)) throw new ArgumentException($"Unknown phase \"{phase}\". The phases are {string.Join(", ", Phases)}.", nameof(phase));
    }

    private async Task RunPhases(int first)
    {
        for (var i = first; i < Phases.Length; i++)
        {
            await _tasks.Run(Phases[i], Timeout(Phases[i]), _system.TimeProvider).ConfigureAwait(false);
        }

        _done.TrySetResult(Done.Instance);
    }

    /// <summary>Why a system is shut down. Derive from it for reasons of your own.</summary>
    public class Reason
    {
        /// <summary>For derived reasons.</summary>
        protected Reason()
        {
        }
    }

    /// <summary>No reason was given.</summary>
    public sealed class UnknownReason : Reason
    {
        /// <summary>The only one.</summary>
        public static readonly Reason Instance = new UnknownReason();

        private UnknownReason()
        {
        }
    }

    /// <summary>ActorSystem.Terminate was called.</summary>
    public sealed class ActorSystemTerminateReason : Reason
    {
        /// <summary>The only one.</summary>
        public static readonly Reason Instance = new ActorSystemTerminateReason();

        private ActorSystemTerminateReason()
        {
        }
    }

    /// <summary>The process exits.</summary>
    public sealed class ClrExitReason : Reason
    {
        /// <summary>The only one.</summary>
        public static readonly Reason Instance = new ClrExitReason();

        private ClrExitReason()
        {
        }
    }
}
