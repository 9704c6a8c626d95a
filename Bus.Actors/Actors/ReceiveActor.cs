#nullable disable
namespace Bus.Actors;

/// <summary>
/// An actor that declares a handler per message type, in its constructor or in the method given to Become. The first handler, in the order of
/// declaration, whose type and predicate fit has the message; without one it is unhandled.
/// </summary>
public abstract class ReceiveActor : UntypedActor
{
    private readonly MessageHandlers _own = new();
    private MessageHandlers _declaring;

    /// <summary>Begins the declaration of handlers.</summary>
    protected ReceiveActor() => _declaring = _own;

    /// <inheritdoc/>
    protected sealed override void OnReceive(object message) => Handle(_own, message);

    /// <summary>Replaces the behaviour.</summary>
    /// <param name="configure">Declares the handlers of the new one.</param>
    protected void Become(Action configure) => Become(Configure(configure));

    /// <summary>Puts a behaviour on top of the present one.</summary>
    /// <param name="configure">Declares the handlers of the new one.</param>
    protected void BecomeStacked(Action configure) => BecomeStacked(Configure(configure));

    /// <summary>Declares an asynchronous handler. No other message is handled before its task is done; Context, Self and Sender are valid throughout.</summary>
    /// <typeparam name="T">The type of message.</typeparam>
    /// <param name="handler">The handler; a failed task is a failure of the actor.</param>
    /// <param name="shouldHandle">Which messages of that type; null for all.</param>
    protected void ReceiveAsync<T>(Func<T, Task> handler, Predicate<T> shouldHandle = null) => Declare(new AsyncHandler<T>(handler, shouldHandle));

    /// <summary>Declares an asynchronous handler. No other message is handled before its task is done; Context, Self and Sender are valid throughout.</summary>
    /// <typeparam name="T">The type of message.</typeparam>
    /// <param name="shouldHandle">Which messages of that type.</param>
    /// <param name="handler">The handler; a failed task is a failure of the actor.</param>
    protected void ReceiveAsync<T>(Predicate<T> shouldHandle, Func<T, Task> handler) => Declare(new AsyncHandler<T>(handler, shouldHandle));

    /// <summary>Declares an asynchronous handler for all messages that no handler before it takes.</summary>
    /// <param name="handler">The handler; a failed task is a failure of the actor.</param>
    protected void ReceiveAnyAsync(Func<object, Task> handler) => Declare(new AsyncHandler<object>(handler, null));

    /// <summary>Declares a handler.</summary>
    /// <typeparam name="T">The type of message.</typeparam>
    /// <param name="handler">The handler.</param>
    /// <param name="shouldHandle">Which messages of that type; null for all.</param>
    protected void Receive<T>(Action<T> handler, Predicate<T> shouldHandle = null) => Declare(new ActionHandler<T>(handler, shouldHandle));

    /// <summary>Declares a handler.</summary>
    /// <typeparam name="T">The type of message.</typeparam>
    /// <param name="shouldHandle">Which messages of that type.</param>
    /// <param name="handler">The handler.</param>
    protected void Receive<T>(Predicate<T> shouldHandle, Action<T> handler) => Declare(new ActionHandler<T>(handler, shouldHandle));

    /// <summary>Declares a handler that says itself whether it took the message.</summary>
    /// <typeparam name="T">The type of message.</typeparam>
    /// <param name="handler">The handler; false passes the message on to the next one.</param>
    protected void Receive<T>(Func<T, bool> handler) => Declare(new FuncHandler<T>(handler));

    /// <summary>Declares a handler for all messages that no handler before it takes.</summary>
    /// <param name="handler">The handler.</param>
    protected void ReceiveAny(Action<object> handler) => Declare(new ActionHandler<object>(handler, null));

    internal sealed override void Constructed() => _declaring = null;

    private void Declare(MessageHandler handler)
    {
        if (_declaring is null)
        {
            throw new InvalidOperationException($"{GetType()} declared a handler too late: the Receive methods may be called only in the constructor and in the method given to Become.");
        }

        _declaring.Add(handler);
    }

    private UntypedReceive Configure(Action configure)
    {
        var outer = _declaring;
        var handlers = _declaring = new MessageHandlers();
        try
        {
            configure();
        }
        finally
        {
            _declaring = outer;
        }

        return message => Handle(handlers, message);
    }

    private void Handle(MessageHandlers handlers, object message)
    {
        if (!handlers.TryHandle(message)) Unhandled(message);
    }
}
