namespace Bus.Actors;

/// <summary>
/// One message handled by an asynchronous method. While its task is not done the mailbox holds user messages back; the method's
/// continuations come back through this synchronisation context as system messages and run in the actor's turn, with the
/// message's own sender. A method that completes at once costs this one object and suspends nothing.
/// </summary>
internal sealed class AsyncTurn : SynchronizationContext
{
    private readonly ActorCell _cell;
    private readonly ActorBase? _actor;
    private readonly object? _message;
    private readonly IActorRef? _sender;
    private Task? _task;

    private AsyncTurn(ActorCell cell)
    {
        _cell = cell;
        _actor = cell.Actor;
        _message = cell.CurrentMessage;
        _sender = cell.CurrentSender;
    }

    /// <summary>Runs a handler to its first wait. Throws what it throws if it is done by then.</summary>
    internal static void Run<TState>(TState state, Func<TState, Task> handler)
    {
        var cell = ActorCell.Current ?? throw new NotSupportedException("An asynchronous handler can only be started in the actor's own turn.");
        var turn = new AsyncTurn(cell);
        var previous = Current;
        Task task;
        SetSynchronizationContext(turn);
        try
        {
            task = handler(state);
        }
        finally
        {
            SetSynchronizationContext(previous);
        }

        if (task.IsCompleted) task.GetAwaiter().GetResult();
        else turn.Await(task);
    }

    public override void Post(SendOrPostCallback d, object? state) => _cell.Self.SendSystemMessage(new Continuation(this, d, state));

    public override void Send(SendOrPostCallback d, object? state) =>
        throw new NotSupportedException($"A continuation can't be run synchronously on {_cell.Self.Path}: it would block a thread until the actor's turn.");

    public override SynchronizationContext CreateCopy() => this;

    private void Await(Task task)
    {
        _task = task;
        _cell.Extras.PendingTurns++;
        _cell.Mailbox.Suspend();
        task.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(() => _cell.Self.SendSystemMessage(new Completion(this)));
    }

    private void Continue(SendOrPostCallback callback, object? state)
    {
        var (message, sender, previous) = (_cell.CurrentMessage, _cell.CurrentSender, Current);
        _cell.CurrentMessage = _message;
        _cell.CurrentSender = _sender;
        SetSynchronizationContext(this);
        try
        {
            callback(state);
        }
        finally
        {
            SetSynchronizationContext(previous);
            (_cell.CurrentMessage, _cell.CurrentSender) = (message, sender);
        }
    }

    private void Complete()
    {
        _cell.Extras.PendingTurns--;
        _cell.Mailbox.Resume();
        if (Failure() is not { } failure)
        {
            if (_message is not null) _cell.ExtrasOrNull?.IdleTimer?.MessageHandled(_cell, _message);
            return;
        }

        if (!ReferenceEquals(_actor, _cell.Actor) || _cell.IsCleared)
        {
            // The instance that started it is gone; its successor is not to blame.
            Lifecycle.Publish(_cell, failure, $"An asynchronous handler of a former instance of {_cell.Self.Path} failed: {failure.Message}");
            return;
        }

        (_cell.CurrentMessage, _cell.CurrentSender) = (_message, _sender);
        Faults.HandleInvokeFailure(_cell, failure);
    }

    private Exception? Failure()
    {
        if (_task!.IsCanceled) return new TaskCanceledException(_task);
        return _task.Exception is { } failures ? failures.InnerExceptions.Count == 1 ? failures.InnerException : failures : null;
    }

    private sealed class Continuation(AsyncTurn turn, SendOrPostCallback callback, object? state) : SystemMessage
    {
        internal override void Invoke(ActorCell cell) => turn.Continue(callback, state);

        // The actor has stopped; the method goes on without a context, so that its finally blocks still run.
        internal override void InvokeDead(IInternalActorRef target) =>
            ThreadPool.UnsafeQueueUserWorkItem(static work => work.callback(work.state), (callback, state), preferLocal: false);
    }

    private sealed class Completion(AsyncTurn turn) : SystemMessage
    {
        internal override void Invoke(ActorCell cell) => turn.Complete();

        internal override void InvokeDead(IInternalActorRef target)
        {
            if (turn.Failure() is { } failure)
            {
                Lifecycle.Publish(turn._cell, failure, $"An asynchronous handler of {target.Path} failed after the actor had stopped: {failure.Message}");
            }
        }
    }
}
