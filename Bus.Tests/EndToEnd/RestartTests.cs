using Bus.Core.Client;
using Bus.Tests.Client;
using Bus.Tests.Processes;
using Bus.Transport.Client;

namespace Bus.Tests.EndToEnd;

/// <summary>A real <c>ipcbus serve</c> gets SIGTERM and is started again, eight times, while 100,000 messages are confirmed over the Unix socket and TCP.</summary>
public sealed class RestartTests : IAsyncLifetime
{
    private const int Wanted = 100_000;
    private const int Restarts = 8;
    private const int Outstanding = 256;

    private static readonly BusClientOptions Quick = new() { ReconnectMinDelay = TimeSpan.FromMilliseconds(5), ReconnectMaxDelay = TimeSpan.FromMilliseconds(20) };

    private readonly RestartingDaemon _daemon = new();

    public Task InitializeAsync() => _daemon.StartAsync();

    public async Task DisposeAsync() => await _daemon.DisposeAsync();

    [Fact]
    public async Task No_message_that_was_confirmed_is_lost()
    {
        var receivers = new List<Receiver>();
        foreach (var tcp in new[] { false, true }) receivers.Add(await Receiver.StartAsync(_daemon.Url(tcp)));
        await using var unix = await BusClient.ConnectAsync(_daemon.Unix, Quick).Guard();
        await using var overTcp = await BusClient.ConnectAsync(_daemon.Tcp, Quick).Guard();
        var account = new Account();
        using var done = new CancellationTokenSource();
        var publishing = Enumerable.Range(0, Outstanding).Select(i => Task.Run(() => PublishAsync(i % 2 == 0 ? unix : overTcp, account, done.Token))).ToArray();

        for (var restart = 1; restart <= Restarts; restart++)
        {
            await account.ReachesAsync(Wanted * restart / (Restarts + 1));
            var back = receivers.Select(receiver => receiver.Bus.NextAsync(BusState.Connected)).ToArray();
            // 143 and 0 are both a stop in good order.
            Assert.Contains(await _daemon.StopAsync(), (int[])[0, 143]);
            await _daemon.StartAsync();
            await Task.WhenAll(back);
        }

        await account.ReachesAsync(Wanted);
        await done.CancelAsync();
        await Task.WhenAll(publishing).Guard();
        foreach (var receiver in receivers) await receiver.FinishAsync(unix);
        account.Check(receivers);
        foreach (var receiver in receivers) await receiver.DisposeAsync();
    }

    private static async Task PublishAsync(IBus bus, Account account, CancellationToken done)
    {
        while (!done.IsCancellationRequested)
        {
            var number = account.Next();
            try
            {
                account.Confirmed(number, (await bus.PublishConfirmedAsync("restart.numbers", number, timeout: Guarding.Limit, cancellationToken: CancellationToken.None)).Reached);
            }
            catch (ConnectionLostException)
            {
                // Nothing was confirmed.
            }
        }
    }

    /// <summary>Which message reached how many, by the word of the bus.</summary>
    private sealed class Account
    {
        private readonly Lock _lock = new();
        private readonly Dictionary<int, int> _reached = [];
        private readonly List<(int Count, TaskCompletionSource Reached)> _waiting = [];
        private int _last;
        private int _count;

        public int Next() => Interlocked.Increment(ref _last);

        public void Confirmed(int number, int reached)
        {
            // While the subscribers are away it reaches nobody, and is confirmed as that.
            if (reached == 0) return;
            lock (_lock)
            {
                _reached[number] = reached;
                _count++;
                _waiting.RemoveAll(waiting => waiting.Count <= _count && waiting.Reached.TrySetResult());
            }
        }

        public Task ReachesAsync(int count)
        {
            lock (_lock)
            {
                if (_count >= count) return Task.CompletedTask;
                var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                _waiting.Add((count, reached));
                return reached.Task.WaitAsync(TimeSpan.FromMinutes(2));
            }
        }

        public void Check(IReadOnlyList<Receiver> receivers)
        {
            Assert.All(receivers, receiver => Assert.Equal(receiver.Arrived.Count, receiver.Arrived.Distinct().Count()));
            var arrived = receivers.SelectMany(receiver => receiver.Arrived).CountBy(number => number).ToDictionary();
            var missing = _reached.Where(entry => arrived.GetValueOrDefault(entry.Key) < entry.Value).ToList();
            Assert.True(missing.Count == 0, $"Of {_reached.Count} confirmed messages {missing.Count} arrived at fewer subscribers than the bus said, such as {string.Join(", ", missing.Take(10))}.");
        }
    }

    private sealed class Receiver(IBus bus) : IAsyncDisposable
    {
        private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private ISubscription _subscription = null!;

        public IBus Bus => bus;

        /// <summary>Filled by one handler; to be read when <see cref="FinishAsync"/> is done.</summary>
        public List<int> Arrived { get; } = [];

        public static async Task<Receiver> StartAsync(string url)
        {
            var receiver = new Receiver(await BusClient.ConnectAsync(url, Quick).Guard());
            receiver._subscription = await receiver.Bus.OpenSubscriptionAsync<int>("restart.numbers", (message, _) =>
            {
                if (message.Data < 0) receiver._ended.TrySetResult();
                else receiver.Arrived.Add(message.Data);
                return default;
            }).Guard();
            return receiver;
        }

        /// <summary>Waits for all that was published before.</summary>
        public async Task FinishAsync(IBus publisher)
        {
            await publisher.PublishAsync("restart.numbers", -1);
            await _ended.Task.Guard();
        }

        public async ValueTask DisposeAsync()
        {
            await _subscription.DisposeAsync();
            await bus.DisposeAsync();
        }
    }
}
