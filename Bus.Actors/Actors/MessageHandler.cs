namespace Bus.Actors;

/// <summary>One Receive of a ReceiveActor: takes a message or leaves it to the next.</summary>
internal abstract class MessageHandler
{
    internal virtual bool TakesAll => false;

    internal abstract bool TryHandle(object message);
}

internal sealed class ActionHandler<T>(Action<T> handler, Predicate<T>? shouldHandle) : MessageHandler
{
    internal override bool TakesAll => typeof(T) == typeof(object) && shouldHandle is null;

    internal override bool TryHandle(object message)
    {
        if (message is not T typed || (shouldHandle is not null && !shouldHandle(typed))) return false;
        handler(typed);
        return true;
    }
}

internal sealed class FuncHandler<T>(Func<T, bool> handler) : MessageHandler
{
    internal override bool TryHandle(object message) => message is T typed && handler(typed);
}

internal sealed class AsyncHandler<T>(Func<T, Task> handler, Predicate<T>? shouldHandle) : MessageHandler
{
    internal override bool TakesAll => typeof(T) == typeof(object) && shouldHandle is null;

    internal override bool TryHandle(object message)
    {
        if (message is not T typed || (shouldHandle is not null && !shouldHandle(typed))) return false;
        AsyncTurn.Run(typed, handler);
        return true;
    }
}

/// <summary>The Receives of one behaviour, in the order in which they were declared; the first that takes a message has it.</summary>
internal sealed class MessageHandlers
{
    private readonly List<MessageHandler> _handlers = [];

    internal void Add(MessageHandler handler)
    {
        if (_handlers.Count > 0 && _handlers[^1].TakesAll)
        {
            throw new InvalidOperationException("A handler that takes all messages has been declared already; none after it would ever be called.");
        }

        _handlers.Add(handler);
    }

    internal bool TryHandle(object message)
    {
        foreach (var handler in _handlers)
        {
            if (handler.TryHandle(message)) return true;
        }

        return false;
    }
}
