using Bus.Core.Client;

namespace Bus.Tests.Soak;

/// <summary>The load: publishers that have each message confirmed, requesters, and deliveries that are confirmed by their handler. They go on until they are stopped; who waits for them waits for work done and not for time.</summary>
internal sealed class Traffic(Ledger ledger) : IAsyncDisposable
{
    public const string Service = "soaksvc.echo";

    private const int Pipelined = 16;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _workers = [];
    private readonly Lock _lock = new();
    private TaskCompletionSource _progress = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Dictionary<string, int> _handled = [];
    private int _answered;
    private int _unanswered;
    private int _delivered;

    public int Answered => Volatile.Read(ref _answered);

    public int Unanswered => Volatile.Read(ref _unanswered);

    public int Delivered => Volatile.Read(ref _delivered);

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

    /// <summary>Handles what is delivered: each once.</summary>
    public Task<ISubscription> HandleAsync(IBus bus) => bus.OpenInboxAsync<string>((message, _) =>
    {
        // Others are sent to it too: broadcasts.
        lock (_handled) _handled[message.Data] = _handled.GetValueOrDefault(message.Data) + 1;
        return default;
    });

    /// <summary>Delivers messages to who handles them, one at a time.</summary>
    /// <param name="bus">Over which connection.</param>
    /// <param name="name">Who handles them.</param>
    /// <param name="isStable">Whether the connection stays up. If not they are sent again, and handled once all the same.</param>
    public void Deliver(IBus bus, string name, bool isStable) => _workers.Add(Task.Run(async () =>
    {
        for (var number = 0; !_stop.IsCancellationRequested; number++)
        {
            var (payload, begun) = ($"{bus.Name}-{number}", ledger.Now());
            try
            {
                await bus.DeliverAsync(name, payload, new DeliverOptions { SafeToRetry = !isStable, Timeout = Patience });
                Interlocked.Increment(ref _delivered);
                if (Handled(payload) != 1) ledger.Fault($"'{payload}' was confirmed by its handler, which ran {Handled(payload)} times.");
            }
            catch (Exception e) when (IsExcused(e, begun, isStable) || (e is ClientAbsentException && ledger.HadOutage(begun, ledger.Now())))
            {
                if (Handled(payload) > 1) ledger.Fault($"'{payload}' was handled {Handled(payload)} times.");
            }
            catch (Exception e)
            {
                ledger.Fault($"Delivering '{payload}' ended with {e}");
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

    private int Handled(string payload)
    {
        lock (_handled) return _handled.GetValueOrDefault(payload);
    }

    private async Task PublishAsync(IBus bus, Ledger.Account account, int topic, bool isStable)
    {
        var (begun, number) = (ledger.Now(), account.Begin(topic));
        try
        {
            await bus.PublishConfirmedAsync(Ledger.Topic(topic, account.Publisher), number, timeout: Patience);
            account.Confirm(number);
        }
        catch (Exception e) when (IsExcused(e, begun, isStable))
        {
            // Not confirmed: it may have arrived.
        }
        catch (Exception e)
        {
            ledger.Fault($"Publishing message {number} of publisher {account.Publisher} ended with {e}");
        }
    }

    /// <summary>Connections are lost that may break, and all of them with the bus.</summary>
    private bool IsExcused(Exception error, int begun, bool isStable) => error is BusDisconnectedException && (!isStable || ledger.HadOutage(begun, ledger.Now()));

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
