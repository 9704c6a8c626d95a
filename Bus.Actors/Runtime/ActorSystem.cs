#nullable disable
namespace Bus.Actors;

/// <summary>A tree of actors with its event stream, its clock and its threads. Thread-safe. Terminate it when done.</summary>
public abstract class ActorSystem : IActorRefFactory, IDisposable
{
    private protected ActorSystem()
    {
    }

    /// <summary>The name given to Create.</summary>
    public abstract string Name { get; }

    /// <summary>Publishes dead letters, unhandled messages and log events.</summary>
    public abstract EventStream EventStream { get; }

    /// <summary>Where messages go that nobody can receive.</summary>
    public abstract IActorRef DeadLetters { get; }

    /// <summary>Sends messages and runs code later.</summary>
    public abstract IScheduler Scheduler { get; }

    /// <summary>The logger of the system itself.</summary>
    public abstract ILoggingAdapter Log { get; }

    /// <summary>Ends when all actors have stopped.</summary>
    public abstract Task WhenTerminated { get; }

    /// <summary>Starts an actor system on the thread pool.</summary>
    /// <param name="name">Letters, digits, <c>-</c> and <c>_</c>, beginning with a letter or digit.</param>
    /// <returns>The running system.</returns>
    /// <exception cref="ArgumentException">The name is malformed.</exception>
    public static ActorSystem Create(string name) => Create(name, ActorSystemOptions.Default);

    internal static ActorSystem Create(string name, ActorSystemOptions options) => new ActorSystemImpl(name, options);

    /// <inheritdoc/>
    public abstract IActorRef ActorOf(Props props, string name = null);

    /// <summary>Stops an actor after the message that it is handling.</summary>
    /// <param name="actor">The actor.</param>
    public abstract void Stop(IActorRef actor);

    /// <summary>Runs the coordinated shutdown and stops all actors, children before parents. Calling it again changes nothing.</summary>
    /// <returns>Ends when all actors have stopped.</returns>
    public abstract Task Terminate();

    /// <summary>Begins to terminate the system and does not wait for it.</summary>
    public void Dispose()
    {
        _ = Terminate();
        GC.SuppressFinalize(this);
    }
}
