namespace Bus.Tests.Actors.Interleavings;

/// <summary>Picks the thread that takes the next step.</summary>
/// <param name="able">Those that can; at least two.</param>
/// <param name="last">The one that took the last step, or -1.</param>
internal delegate int Choose(IReadOnlyList<int> able, int last);

/// <summary>
/// Runs a few threads one at a time and decides at each of their steps on shared memory (<see cref="Volatile"/>, <see cref="Interlocked"/>) who takes the next
/// one. The decisions are the interleaving: the same ones give the same run.
/// </summary>
internal sealed class Interleaving
{
    // Steps of a run before it counts as one that never ends; a scenario takes some hundred.
    private const int MaxSteps = 20_000;

    [ThreadStatic]
    private static Interleaving? _current;

    private readonly Choose _choose;
    private readonly State[] _threads;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Exception? _failure;
    private int _running;
    private int _steps;

    private Interleaving(Choose choose, int threads)
    {
        _choose = choose;
        _threads = [.. Enumerable.Range(0, threads).Select(_ => new State())];
    }

    /// <summary>Runs the threads to their end; throws what one of them throws.</summary>
    public static async Task RunAsync(Choose choose, params Action[] threads)
    {
        var run = new Interleaving(choose, threads.Length);
        var ends = threads.Select((work, number) => Task.Factory.StartNew(() => run.Execute(number, work), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)).ToArray();
        run.Pass(run.Next(from: -1));
        await run._ended.Task.WaitAsync(TimeSpan.FromSeconds(30));
        await Task.WhenAll(ends);
        if (run._failure is not null) throw run._failure;
    }

    /// <summary>Called before each step on shared memory.</summary>
    public static void Step(bool changes) => _current?.Before(changes, isWaiting: false);

    /// <summary>The thread can go on only when something has changed since it was here last; then it looks again.</summary>
    public static void Wait() => _current?.Before(changes: false, isWaiting: true);

    private void Execute(int number, Action work)
    {
        var state = _threads[number];
        state.Turn.Wait();
        _current = this;
        try
        {
            if (_failure is null) work();
        }
        catch (Exception failure)
        {
            _failure ??= failure;
        }

        _current = null;
        state.IsDone = true;
        Wake();
        Pass(Next(number));
    }

    private void Before(bool changes, bool isWaiting)
    {
        var number = _running;
        var state = _threads[number];
        if (++_steps > MaxSteps) throw new TimeoutException($"Thread {number} goes on for ever.");
        // Not until now is the step done that was begun with the last call.
        if (state.HasChanged) Wake();
        state.HasChanged = changes;
        if (isWaiting) (state.IsWaiting, state.MayLookAgain) = (!state.MayLookAgain, false);
        var next = Next(number);
        if (next == number && _failure is null) return;
        Pass(next);
        state.Turn.Wait();
        if (_failure is not null) throw new OperationCanceledException("The run has failed.");
    }

    private void Wake()
    {
        // Also for those that do not wait yet: they may have looked already, at what has changed since.
        foreach (var state in _threads) (state.MayLookAgain, state.IsWaiting) = (!state.IsWaiting, false);
    }

    private int Next(int from)
    {
        var able = Enumerable.Range(0, _threads.Length).Where(i => !_threads[i].IsDone && (_failure is not null || !_threads[i].IsWaiting)).ToArray();
        if (able.Length > 1 && _failure is null) return _choose(able, from);
        if (able.Length > 0) return able[0];
        if (Array.TrueForAll(_threads, t => t.IsDone)) return -1;
        _failure = new TimeoutException("Each thread waits for another one.");
        return Array.FindIndex(_threads, t => !t.IsDone);
    }

    private void Pass(int next)
    {
        if (next < 0)
        {
            _ended.SetResult();
            return;
        }

        _running = next;
        _threads[next].Turn.Release();
    }

    private sealed class State
    {
        public readonly SemaphoreSlim Turn = new(0);
        public bool IsDone;
        public bool IsWaiting;
        public bool MayLookAgain;
        public bool HasChanged;
    }
}
