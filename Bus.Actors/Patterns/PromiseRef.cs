namespace Bus.Actors;

/// <summary>
/// The one who waits for the answer to an Ask: a reference without an actor. The first of answer, timeout and cancellation counts. An answer
/// that cannot be used, too late or of another type, is a dead letter from the asker; not after a cancellation, when nobody misses it.
/// </summary>
internal sealed class PromiseRef<T>(ActorSystemImpl owner, ICanTell target) : InternalActorRef(owner)
{
    // Continuations run elsewhere: an answer must never run the asker's code in the answering actor's turn.
    private readonly TaskCompletionSource<T> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ITimer? _timer;
    private CancellationTokenRegistration _cancellation;
    private Type? _messageType;
    private TimeSpan _timeout;
    private ActorPath? _path;

    internal Task<T> Task => _completion.Task;

    public override ActorPath Path => _path ?? Interlocked.CompareExchange(ref _path, Owner.TempPath.Child(Owner.NextTempName()), null) ?? _path;

    public override bool IsTerminated => Task.IsCompleted;

    /// <summary>Starts the clock; false if there is nothing to wait for, since it has been cancelled.</summary>
    internal bool Begin(object message, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        _timeout = timeout ?? Owner.AskTimeout;
        _messageType = message?.GetType();
        if (cancellationToken.IsCancellationRequested)
        {
            _completion.TrySetCanceled(cancellationToken);
            return false;
        }

        if (cancellationToken.CanBeCanceled)
        {
            _cancellation = cancellationToken.UnsafeRegister(static (promise, token) => ((PromiseRef<T>)promise!).Cancel(token), this);
        }

        if (_timeout != Timeout.InfiniteTimeSpan)
        {
            _timer = Owner.TimeProvider.CreateTimer(static promise => ((PromiseRef<T>)promise!).TimeOut(), this, _timeout, Timeout.InfiniteTimeSpan);
        }

        // If it ended meanwhile, whoever ended it may not have seen the timer.
        if (Task.IsCompleted) Release();
        return true;
    }

    public override void Tell(object message, IActorRef? sender)
    {
        var taken = message switch
        {
            T answer => _completion.TrySetResult(answer),
            null => _completion.TrySetResult(default!),
            Status.Failure failure => _completion.TrySetException(failure.Cause ?? new TaskCanceledException($"{target} answered with a failure without a cause.")),
            _ => RefuseType(message),
        };
        if (taken) Release();
        else if (!Task.IsCanceled && (message ?? default(T)) is { } late) Owner.DeadLetterRef.Tell(late, this);
    }

    public override void SendSystemMessage(SystemMessage message)
    {
        if (message is WatchMessage) _ = Task.ContinueWith(_ => message.InvokeDead(this), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        else message.InvokeDead(this);
    }

    /// <summary>Fails the ask; false, because the message itself found no one.</summary>
    private bool RefuseType(object message)
    {
        var error = new ArgumentException($"{target} answered {_messageType} with a {message.GetType()}, but the Ask expects a {typeof(T)}.", nameof(message));
        if (_completion.TrySetException(error)) Release();
        return false;
    }

    private void Cancel(CancellationToken token)
    {
        if (_completion.TrySetCanceled(token)) Release();
    }

    private void TimeOut()
    {
        var path = target is IActorRef actor ? actor.Path.ToString() : target.ToString();
        if (_completion.TrySetException(new AskTimeoutException($"Timeout after {_timeout} while waiting for the answer of {path} to a message of type {_messageType}."))) Release();
    }

    private void Release()
    {
        _timer?.Dispose();
        _cancellation.Unregister();
    }
}
