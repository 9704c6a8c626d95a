namespace Bus.Actors;

/// <summary>What tests and benchmarks may set; the public API has no need of it.</summary>
internal sealed record ActorSystemOptions
{
    internal static ActorSystemOptions Default { get; } = new();

    /// <summary>Where all time comes from: scheduler, timers, Ask, receive timeouts, restart windows. Default: the system clock.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Default: the thread pool.</summary>
    public Dispatcher Dispatcher { get; init; } = ThreadPoolDispatcher.Instance;

    /// <summary>Makes the scheduler; null for the one on <see cref="TimeProvider"/>.</summary>
    public Func<ActorSystem, IScheduler>? Scheduler { get; init; }

    /// <summary>How long an Ask without a timeout of its own waits. Default: 30 seconds.</summary>
    public TimeSpan AskTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>User messages per run of a mailbox, after which other mailboxes get the thread. Default: 100.</summary>
    public int Throughput { get; init; } = 100;

    /// <summary>From which severity on log events are published. Default: info.</summary>
    public LogLevel LogLevel { get; init; } = LogLevel.InfoLevel;
}
