using System.Threading.Channels;
using Bus.Core.Client;
using Pomodoro.Model;

namespace Pomodoro.Server;

/// <summary>Holds the state, changes it one by one, and lets the time pass. Thread-safe.</summary>
internal sealed class PomodoroServer : IDisposable
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    // Broadcasts leave in the order of the changes that they tell of, and no change waits for one.
    private readonly Channel<Func<IBus, CancellationToken, ValueTask>> _broadcasts = Channel.CreateUnbounded<Func<IBus, CancellationToken, ValueTask>>(new() { SingleReader = true });
    private readonly Lock _lock = new();
    private readonly StateFile _file;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private PomodoroState _state;

    public PomodoroServer(StateFile file, TimerRules rules, TimeProvider time)
    {
        (_file, Rules, _time) = (file, rules, time);
        _state = rules.Adopt(file.Load());
        _timer = time.CreateTimer(_ => Tick(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public TimerRules Rules { get; }

    public PomodoroState State
    {
        get
        {
            lock (_lock) return _state;
        }
    }

    public TimerView Timer => State.Timer.At(_time.GetUtcNow());

    public IReadOnlyList<Day> Days(int count) => State.Days(count, _time.GetUtcNow(), _time.LocalTimeZone);

    /// <summary>Changes the state. When it returns, the change is in the file; when it throws, nothing was changed.</summary>
    public PomodoroState Change(Func<PomodoroState, DateTimeOffset, PomodoroState> change)
    {
        lock (_lock)
        {
            var now = _time.GetUtcNow();
            // What is over by now is over, whatever comes of this change.
            Commit(Rules.Expire(_state, now), now);
            Commit(change(_state, now), now);
            return _state;
        }
    }

    /// <summary>Tells everybody where things stand, and from then on what changes, until it is cancelled.</summary>
    public async Task BroadcastAsync(IBus bus, CancellationToken cancellationToken)
    {
        Tick();
        Tell(Broadcasts.Changed, ReadOnlyMemory<byte>.Empty);
        await foreach (var broadcast in _broadcasts.Reader.ReadAllAsync(cancellationToken)) await broadcast(bus, cancellationToken);
    }

    public void Dispose() => _timer.Dispose();

    private void Commit(PomodoroState next, DateTimeOffset now)
    {
        var old = _state;
        if (ReferenceEquals(next, old)) return;
        _file.Save(next);
        _state = next;
        foreach (var session in next.Log.Skip(old.Log.Count).Where(session => session.IsComplete)) Tell(Broadcasts.Alarm, session);
        if (next.Todos != old.Todos || next.Log != old.Log) Tell(Broadcasts.Changed, ReadOnlyMemory<byte>.Empty);
        TellTimer(now);
    }

    private void Tick()
    {
        lock (_lock)
        {
            var now = _time.GetUtcNow();
            try
            {
                var next = Rules.Expire(_state, now);
                if (ReferenceEquals(next, _state)) TellTimer(now);
                else Commit(next, now);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                Console.Error.WriteLine($"pomodoro: {_file.Path} cannot be written, trying again in a second: {e.Message}");
                _timer.Change(Second, Timeout.InfiniteTimeSpan);
            }
        }
    }

    /// <summary>Tells the time, and comes back in a second or when it is up.</summary>
    private void TellTimer(DateTimeOffset now)
    {
        var view = _state.Timer.At(now);
        Tell(Broadcasts.Timer, view);
        _timer.Change(!view.IsRunning ? Timeout.InfiniteTimeSpan : view.Left < Second ? view.Left : Second, Timeout.InfiniteTimeSpan);
    }

    private void Tell<T>(string topic, T payload) => _broadcasts.Writer.TryWrite((bus, cancellationToken) => bus.PublishAsync(topic, payload, cancellationToken: cancellationToken));
}
