namespace Bus.Actors;

/// <summary>One timer with what it does. It ends by itself after one shot, when it is called off, and when the system has terminated.</summary>
internal abstract class ScheduledWork
{
    private readonly Lock _gate = new();
    private ITimer? _timer;
    private CancellationTokenRegistration _cancellation;
    private Cancelable? _attached;
    private Task _systemTerminated = Task.CompletedTask;
    private bool _repeats;
    private bool _ended;

    internal void Start(TimeProvider time, TimeSpan delay, TimeSpan? interval, ICancelable? cancelable, Task systemTerminated)
    {
        _systemTerminated = systemTerminated;
        _repeats = interval is not null;

        // The timer may fire, or the token be cancelled, before the field is set; then End had nothing to dispose yet.
        var timer = time.CreateTimer(static work => ((ScheduledWork)work!).Fire(), this, delay, interval ?? Timeout.InfiniteTimeSpan);
        var attached = cancelable is Cancelable own && own.TryAttach(this) ? own : null;
        var cancellation = cancelable is null || attached is not null ? default : cancelable.Token.UnsafeRegister(static work => ((ScheduledWork)work!).End(), this);
        lock (_gate)
        {
            _timer = timer;
            _cancellation = cancellation;
            _attached = attached;
            if (!_ended) return;
        }

        Release();
    }

    protected abstract void Run();

    private void Fire()
    {
        lock (_gate)
        {
            if (_ended) return;
        }

        if (_systemTerminated.IsCompleted)
        {
            End();
            return;
        }

        if (!_repeats) End();
        Run();
    }

    internal void End()
    {
        lock (_gate)
        {
            if (_ended) return;
            _ended = true;
        }

        Release();
    }

    private void Release()
    {
        _timer?.Dispose();
        _attached?.Detach(this);
        _cancellation.Unregister();
    }
}

internal sealed class ScheduledTell(ICanTell receiver, object message, IActorRef sender) : ScheduledWork
{
    protected override void Run() => receiver.Tell(message, sender);
}

internal sealed class ScheduledAction(Action action) : ScheduledWork
{
    protected override void Run() => action();
}
