#nullable disable
namespace Bus.Actors;

/// <summary>
/// Ask: a Tell whose answer is a task. The task ends with the answer, or fails: with <see cref="AskTimeoutException"/> when none came in time, with
/// <see cref="OperationCanceledException"/>, with the cause if the answer is a <see cref="Status.Failure"/> (unless that is what was asked for), or
/// with <see cref="ArgumentException"/> if it is of another type. Without a timeout the system's default counts, 30 seconds.
/// </summary>
public static class Futures
{
    /// <summary>Asks for an answer of any type.</summary>
    /// <param name="self">Who is asked.</param>
    /// <param name="message">The question.</param>
    /// <param name="timeout">How long to wait; null for the default.</param>
    /// <returns>The answer.</returns>
    public static Task<object> Ask(this ICanTell self, object message, TimeSpan? timeout = null) => self.Ask<object>(message, timeout, CancellationToken.None);

    /// <summary>Asks for an answer of any type.</summary>
    /// <param name="self">Who is asked.</param>
    /// <param name="message">The question.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The answer.</returns>
    public static Task<object> Ask(this ICanTell self, object message, CancellationToken cancellationToken) => self.Ask<object>(message, null, cancellationToken);

    /// <summary>Asks for an answer of any type.</summary>
    /// <param name="self">Who is asked.</param>
    /// <param name="message">The question.</param>
    /// <param name="timeout">How long to wait; null for the default.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The answer.</returns>
    public static Task<object> Ask(this ICanTell self, object message, TimeSpan? timeout, CancellationToken cancellationToken) =>
        self.Ask<object>(message, timeout, cancellationToken);

    /// <summary>Asks for an answer of one type.</summary>
    /// <typeparam name="T">The type of the answer.</typeparam>
    /// <param name="self">Who is asked.</param>
    /// <param name="message">The question.</param>
    /// <param name="timeout">How long to wait; null for the default.</param>
    /// <returns>The answer.</returns>
    public static Task<T> Ask<T>(this ICanTell self, object message, TimeSpan? timeout = null) => self.Ask<T>(message, timeout, CancellationToken.None);

    /// <summary>Asks for an answer of one type.</summary>
    /// <typeparam name="T">The type of the answer.</typeparam>
    /// <param name="self">Who is asked.</param>
    /// <param name="message">The question.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The answer.</returns>
    public static Task<T> Ask<T>(this ICanTell self, object message, CancellationToken cancellationToken) => self.Ask<T>(message, null, cancellationToken);

    /// <summary>Asks for an answer of one type.</summary>
    /// <typeparam name="T">The type of the answer.</typeparam>
    /// <param name="self">Who is asked.</param>
    /// <param name="message">The question.</param>
    /// <param name="timeout">How long to wait; null for the default.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The answer.</returns>
    public static Task<T> Ask<T>(this ICanTell self, object message, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        var promise = new PromiseRef<T>(SystemOf(self), self);
        if (promise.Begin(message, timeout, cancellationToken)) self.Tell(message, promise);
        return promise.Task;
    }

    /// <summary>Asks with a message that carries the reference to answer to.</summary>
    /// <typeparam name="T">The type of the answer.</typeparam>
    /// <param name="self">Who is asked.</param>
    /// <param name="messageFactory">Makes the question from that reference.</param>
    /// <param name="timeout">How long to wait; null for the default.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The answer.</returns>
    public static Task<T> Ask<T>(this ICanTell self, Func<IActorRef, object> messageFactory, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        var promise = new PromiseRef<T>(SystemOf(self), self);
        var message = messageFactory(promise);
        if (promise.Begin(message, timeout, cancellationToken)) self.Tell(message, promise);
        return promise.Task;
    }

    private static ActorSystemImpl SystemOf(ICanTell target) =>
        (target as IInternalActorRef)?.Owner
        ?? ActorCell.Current?.System
        ?? throw new ArgumentException($"{target} can't be asked: it belongs to no actor system.", nameof(target));
}
