using Bus.Core.Client;

namespace Bus.Tests.Soak;

/// <summary>The load: publishers that have each message confirmed, and requesters. They go on until they are stopped; who waits for them waits for work done and not for time.</summary>
internal sealed class Traffic(Ledger ledger) : IAsyncDisposable
{
    public const string Service = "soaksvc.echo";

    private const int Pipelined = 16;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _workers = [];
    private readonly Lock _lock = new();
    private TaskCompletionSource _progress = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _answered;
    private int _unanswered;

    public int Answered => Volatile.Read(ref _answered);

    public int Unanswered => Volatile.Read(ref _unanswered);

    /// <param name="bus">Over which connection.</param>
    /// <param name="random">Decides on the topics.</param>
    /// <param name="isStable">Whether the connection stays up, so that all has to be confirmed.</param>
    public void Publish(IBus bus, Random random, bool isStable)
    {
        var account = ledger.OpenAccount();
        _workers.Add(Task.Run(async () =>
        {
            while (!_stop.IsCancellationRequested)
            {
                await Task.WhenAll(Enumerable.Range(0, Pipelined).Select(_ => PublishAsync(bus, account, random.Next(Ledger.Topics), isStable)));
                if (isStable) Progress();
            }
        }));
    }

    /// <summary>Sends requests, one at a time. Each has to end, with the right answer or an error that says why there is none.</summary>
    public void Request(IBus bus) => _workers.Add(Task.Run(async () =>
    {
        for (var number = 0; !_stop.IsCancellationRequested; number++)
        {
            try
            {
                var answer = await bus.RequestAsync<string, string>(Service, $"{number}", TimeSpan.FromSeconds(1)).WaitAsync(Patience);
                if (answer != $"{number}") ledger.Fault($"Request {number} was answered with '{answer}'.");
                Interlocked.Increment(ref _answered);
            }
            catch (Exception e) when (e is NoRespondersException or ResponderLostException or RequestTimeoutException or BusDisconnectedException)
            {
                Interlocked.Increment(ref _unanswered);
            }
            catch (Exception e)
            {
                ledger.Fault($"Request {number} ended with {e}");
            }
        }
    }));

    /// <summary>Waits until the stable publishers have had so many rounds confirmed.</summary>
    public async Task RoundsAsync(int rounds)
    {
        for (var round = 0; round < rounds; round++)
        {
            Task next;
            lock (_lock) next = _progress.Task;
            await next.WaitAsync(Patience);
        }
    }

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_workers).WaitAsync(Patience);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _stop.Dispose();
    }

    private async Task PublishAsync(IBus bus, Ledger.Account account, int topic, bool isStable)
    {
        var number = account.Begin(topic);
        try
        {
            await bus.PublishConfirmedAsync(Ledger.Topic(topic, account.Publisher), number, timeout: Patience);
            account.Confirm(number);
        }
        catch (BusDisconnectedException) when (!isStable)
        {
            // Not confirmed: it may have arrived.
        }
        catch (Exception e)
        {
            ledger.Fault($"Publishing message {number} of publisher {account.Publisher} ended with {e}");
        }
    }

    private void Progress()
    {
        TaskCompletionSource done;
        lock (_lock)
        {
            done = _progress;
            _progress = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        done.SetResult();
    }
}
