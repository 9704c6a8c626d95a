using Bus.Cli.Demo.Workers;
using Bus.Core.Client;

namespace Bus.Cli.Demo;

/// <summary>Sends a request every few milliseconds, all through the demo, and keeps how each one ended and when.</summary>
internal sealed class RequestProbe(IBus bus, TimeProvider time) : IAsyncDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private const string Text = "the quick brown fox jumps over the lazy dog";

    private readonly CancellationTokenSource _stop = new();
    private readonly List<double> _answered = [];
    private readonly Dictionary<string, int> _failures = [];
    private Task _running = Task.CompletedTask;
    private TaskCompletionSource? _nextAnswer;
    private double _slowestFailure;

    /// <summary>Milliseconds of every request that was answered, shortest first. Read it after <see cref="StopAsync"/>.</summary>
    public IReadOnlyList<double> Answered => _answered;

    /// <summary>How many requests failed, by kind of error. Read it after <see cref="StopAsync"/>.</summary>
    public IReadOnlyDictionary<string, int> Failures => _failures;

    /// <summary>Milliseconds of the failure that took longest.</summary>
    public double SlowestFailure => _slowestFailure;

    /// <summary>Replies that were wrong.</summary>
    public int Wrong { get; private set; }

    public void Start() => _running = Task.Run(RunAsync);

    /// <summary>Completes with the next answer.</summary>
    public Task NextAnswerAsync()
    {
        var next = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Volatile.Write(ref _nextAnswer, next);
        return next.Task;
    }

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _answered.Sort();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        using var ticks = new PeriodicTimer(Period, time);
        var expected = ServiceWorker.CountWords(Text);
        while (!_stop.IsCancellationRequested)
        {
            var started = time.GetTimestamp();
            try
            {
                var reply = await bus.RequestAsync<string, string>(ServiceWorker.Words, Text, Patience, CancellationToken.None);
                _answered.Add(time.GetElapsedTime(started).TotalMilliseconds);
                if (reply != expected) Wrong++;
                Interlocked.Exchange(ref _nextAnswer, null)?.TrySetResult();
            }
            catch (BusException e)
            {
                _slowestFailure = Math.Max(_slowestFailure, time.GetElapsedTime(started).TotalMilliseconds);
                _failures[e.GetType().Name] = _failures.GetValueOrDefault(e.GetType().Name) + 1;
            }

            await ticks.WaitForNextTickAsync(CancellationToken.None);
        }
    }
}
