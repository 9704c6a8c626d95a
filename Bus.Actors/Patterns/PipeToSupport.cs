#nullable disable
namespace Bus.Actors;

/// <summary>Tells an actor how a task ended: the way to do asynchronous work without leaving the actor's turn.</summary>
public static class PipeToSupport
{
    /// <summary>Tells an actor how a task ended.</summary>
    /// <typeparam name="T">The type of the result.</typeparam>
    /// <param name="taskToPipe">The task.</param>
    /// <param name="recipient">Who is told.</param>
    /// <param name="sender">Who sends it; nobody by default.</param>
    /// <param name="success">Makes the message of the result; by default the result itself is told.</param>
    /// <param name="failure">Makes the message of the exception; without it a <see cref="Status.Failure"/> is told.</param>
    /// <returns>A task that ends when the recipient has been told; it never fails because the piped one did.</returns>
    public static Task PipeTo<T>(this Task<T> taskToPipe, ICanTell recipient, IActorRef sender = null, Func<T, object> success = null, Func<Exception, object> failure = null) =>
        PipeTo(taskToPipe, recipient, false, sender, success, failure);

    /// <summary>Tells an actor how a task ended.</summary>
    /// <typeparam name="T">The type of the result.</typeparam>
    /// <param name="taskToPipe">The task.</param>
    /// <param name="recipient">Who is told.</param>
    /// <param name="useConfigureAwait">Whether the continuation runs in the captured context.</param>
    /// <param name="sender">Who sends it; nobody by default.</param>
    /// <param name="success">Makes the message of the result; by default the result itself is told.</param>
    /// <param name="failure">Makes the message of the exception; without it a <see cref="Status.Failure"/> is told.</param>
    /// <returns>A task that ends when the recipient has been told; it never fails because the piped one did.</returns>
    public static async Task PipeTo<T>(this Task<T> taskToPipe, ICanTell recipient, bool useConfigureAwait, IActorRef sender = null, Func<T, object> success = null, Func<Exception, object> failure = null)
    {
        try
        {
            var result = await taskToPipe.ConfigureAwait(useConfigureAwait);
            recipient.Tell(success is null ? result : success(result), sender);
        }
        catch (Exception cause)
        {
            recipient.Tell(failure is null ? new Status.Failure(cause) : failure(cause), sender);
        }
    }

    /// <summary>Tells an actor how a task ended.</summary>
    /// <param name="taskToPipe">The task.</param>
    /// <param name="recipient">Who is told.</param>
    /// <param name="sender">Who sends it; nobody by default.</param>
    /// <param name="success">Makes the message; without it success is not told.</param>
    /// <param name="failure">Makes the message of the exception; without it a <see cref="Status.Failure"/> is told.</param>
    /// <returns>A task that ends when the recipient has been told; it never fails because the piped one did.</returns>
    public static Task PipeTo(this Task taskToPipe, ICanTell recipient, IActorRef sender = null, Func<object> success = null, Func<Exception, object> failure = null) =>
        PipeTo(taskToPipe, recipient, false, sender, success, failure);

    /// <summary>Tells an actor how a task ended.</summary>
    /// <param name="taskToPipe">The task.</param>
    /// <param name="recipient">Who is told.</param>
    /// <param name="useConfigureAwait">Whether the continuation runs in the captured context.</param>
    /// <param name="sender">Who sends it; nobody by default.</param>
    /// <param name="success">Makes the message; without it success is not told.</param>
    /// <param name="failure">Makes the message of the exception; without it a <see cref="Status.Failure"/> is told.</param>
    /// <returns>A task that ends when the recipient has been told; it never fails because the piped one did.</returns>
    public static async Task PipeTo(this Task taskToPipe, ICanTell recipient, bool useConfigureAwait, IActorRef sender = null, Func<object> success = null, Func<Exception, object> failure = null)
    {
        try
        {
            await taskToPipe.ConfigureAwait(useConfigureAwait);
            if (success is not null) recipient.Tell(success(), sender);
        }
        catch (Exception cause)
        {
            recipient.Tell(failure is null ? new Status.Failure(cause) : failure(cause), sender);
        }
    }

    /// <summary>Tells an actor how a task ended.</summary>
    /// <typeparam name="T">The type of the result.</typeparam>
    /// <param name="taskToPipe">The task.</param>
    /// <param name="recipient">Who is told.</param>
    /// <param name="sender">Who sends it; nobody by default.</param>
    /// <param name="success">Makes the message of the result; by default the result itself is told.</param>
    /// <param name="failure">Makes the message of the exception; without it a <see cref="Status.Failure"/> is told.</param>
    /// <returns>A task that ends when the recipient has been told; it never fails because the piped one did.</returns>
    public static Task PipeTo<T>(this ValueTask<T> taskToPipe, ICanTell recipient, IActorRef sender = null, Func<T, object> success = null, Func<Exception, object> failure = null) =>
        PipeTo(taskToPipe, recipient, false, sender, success, failure);

    /// <summary>Tells an actor how a task ended.</summary>
    /// <typeparam name="T">The type of the result.</typeparam>
    /// <param name="taskToPipe">The task.</param>
    /// <param name="recipient">Who is told.</param>
    /// <param name="useConfigureAwait">Whether the continuation runs in the captured context.</param>
    /// <param name="sender">Who sends it; nobody by default.</param>
    /// <param name="success">Makes the message of the result; by default the result itself is told.</param>
    /// <param name="failure">Makes the message of the exception; without it a <see cref="Status.Failure"/> is told.</param>
    /// <returns>A task that ends when the recipient has been told; it never fails because the piped one did.</returns>
    public static Task PipeTo<T>(this ValueTask<T> taskToPipe, ICanTell recipient, bool useConfigureAwait, IActorRef sender = null, Func<T, object> success = null, Func<Exception, object> failure = null) =>
        PipeTo(taskToPipe.AsTask(), recipient, useConfigureAwait, sender, success, failure);

    /// <summary>Tells an actor how a task ended.</summary>
    /// <param name="taskToPipe">The task.</param>
    /// <param name="recipient">Who is told.</param>
    /// <param name="sender">Who sends it; nobody by default.</param>
    /// <param name="success">Makes the message; without it success is not told.</param>
    /// <param name="failure">Makes the message of the exception; without it a <see cref="Status.Failure"/> is told.</param>
    /// <returns>A task that ends when the recipient has been told; it never fails because the piped one did.</returns>
    public static Task PipeTo(this ValueTask taskToPipe, ICanTell recipient, IActorRef sender = null, Func<object> success = null, Func<Exception, object> failure = null) =>
        PipeTo(taskToPipe, recipient, false, sender, success, failure);

    /// <summary>Tells an actor how a task ended.</summary>
    /// <param name="taskToPipe">The task.</param>
    /// <param name="recipient">Who is told.</param>
    /// <param name="useConfigureAwait">Whether the continuation runs in the captured context.</param>
    /// <param name="sender">Who sends it; nobody by default.</param>
    /// <param name="success">Makes the message; without it success is not told.</param>
    /// <param name="failure">Makes the message of the exception; without it a <see cref="Status.Failure"/> is told.</param>
    /// <returns>A task that ends when the recipient has been told; it never fails because the piped one did.</returns>
    public static Task PipeTo(this ValueTask taskToPipe, ICanTell recipient, bool useConfigureAwait, IActorRef sender = null, Func<object> success = null, Func<Exception, object> failure = null) =>
        PipeTo(taskToPipe.AsTask(), recipient, useConfigureAwait, sender, success, failure);
}
