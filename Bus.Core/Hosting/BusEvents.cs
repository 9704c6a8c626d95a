using Bus.Core.Endpoint;
using Bus.Core.Presence;
using Microsoft.Extensions.Logging;

namespace Bus.Core.Hosting;

/// <summary>
/// What a bus tells the code around it: the start first, the stop last, all else between them in the order in which it happened. Handlers run on the pool,
/// one at a time. Thread-safe.
/// </summary>
/// <param name="sender">The sender of the events.</param>
/// <param name="log">Where a handler that throws is logged.</param>
internal sealed class BusEvents(object? sender, ILogger log) : IPresenceObserver
{
    /// <summary>Peers can make events faster than a handler takes them; what waits for it has a limit.</summary>
    public const int MaxWaiting = 10_000;

    private readonly SerialEvents _serial = new(log);
    private readonly Lock _lock = new();
    private readonly List<Action> _early = [];
    private int _waiting;
    private bool _hasStarted;
    private bool _hasStopped;
    private bool _isDropping;

    public event EventHandler<BusStartedEventArgs>? Started;

    public event EventHandler<EventArgs>? Stopped;

    public event EventHandler<ClientJoinedEventArgs>? ClientJoined;

    public event EventHandler<ClientLeftEventArgs>? ClientLeft;

    public event EventHandler<ConnectionFailedEventArgs>? ConnectionFailed;

    public event EventHandler<ServiceChangedEventArgs>? ServiceChanged;

    public event EventHandler<BusLoggedEventArgs>? Logged;

    public void Joined(BusParticipant client) => Raise(() => Tell(ClientJoined, new ClientJoinedEventArgs(client)));

    public void Left(BusParticipant client, LeaveReason reason) => Raise(() => Tell(ClientLeft, new ClientLeftEventArgs(client, reason)));

    public void Failed(ConnectionProblem problem) => Raise(() => Tell(ConnectionFailed, new ConnectionFailedEventArgs(problem)));

    void IPresenceObserver.ServiceChanged(ServiceEvent change) => Raise(() => Tell(ServiceChanged, new ServiceChangedEventArgs(change)));

    public void Log(BusLoggedEventArgs entry) => Raise(() => Tell(Logged, entry));

    /// <summary>Who came while the endpoints were being opened is told of behind the start.</summary>
    public void Begin(string name, IReadOnlyList<string> endpoints)
    {
        lock (_lock)
        {
            _hasStarted = true;
            Queue(() => Tell(Started, new BusStartedEventArgs(name, endpoints)));
            foreach (var raise in _early) Queue(raise);
            _early.Clear();
        }
    }

    /// <summary>The last event; none when the bus never started.</summary>
    /// <returns>Done when all handlers have been called.</returns>
    public Task EndAsync()
    {
        lock (_lock)
        {
            if (!_hasStarted || _hasStopped) return Task.CompletedTask;
            _hasStopped = true;
            var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _serial.Raise(() =>
            {
                Tell(Stopped, EventArgs.Empty);
                done.SetResult();
            });
            return done.Task;
        }
    }

    private void Raise(Action raise)
    {
        lock (_lock)
        {
            if (_hasStopped) return;
            if (_hasStarted) Queue(raise);
            else if (_early.Count < MaxWaiting) _early.Add(raise);
        }
    }

    private void Queue(Action raise)
    {
        var waiting = Volatile.Read(ref _waiting);
        if (waiting >= MaxWaiting)
        {
            if (!_isDropping) BusLog.EventsDropped(log, MaxWaiting);
            _isDropping = true;
            return;
        }

        // Logged again only after a time in which the handlers had caught up.
        if (waiting == 0) _isDropping = false;
        Interlocked.Increment(ref _waiting);
        _serial.Raise(() =>
        {
            raise();
            Interlocked.Decrement(ref _waiting);
        });
    }

    /// <summary>Each handler for itself: one that throws keeps no other from being called.</summary>
    private void Tell<T>(EventHandler<T>? handlers, T args)
    {
        foreach (var handler in Delegate.EnumerateInvocationList(handlers))
        {
            try
            {
                handler(sender, args);
            }
            catch (Exception e)
            {
                BusLog.EventHandlerFailed(log, e);
            }
        }
    }
}
