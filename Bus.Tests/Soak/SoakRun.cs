using Bus.Core.Client;
using Bus.Tests.Client;
using Bus.Tests.Processes;
using Bus.Transport.Client;

namespace Bus.Tests.Soak;

/// <summary>
/// A real daemon under load, and one thing after the other that happens to its clients: what, and to whom, follows from the seed. At the end every confirmed message is
/// accounted for, and the daemon, which is restarted and killed too, holds what it held at the start.
/// </summary>
internal sealed class SoakRun(int seed) : IAsyncDisposable
{
    private const int MostWindows = 8;

    private readonly Random _random = new(seed);
    // Frozen clients are found, and clients that wait for a processor are not taken for frozen.
    private readonly RestartingDaemon _daemon = new("--ping-interval", "5s");
    private readonly Ledger _ledger = new();
    private readonly List<IBus> _buses = [];
    private readonly List<Receiver> _windows = [];
    private int _retained;
    private int _restarts;
    private int _kills;

    private IBus _monitor = null!;

    private IBus Unix => _buses[0];

    private IBus Tcp => _buses[1];

    public IReadOnlyList<string> Faults => _ledger.Faults;

    /// <summary>For the log.</summary>
    public string Summary { get; private set; } = "";

    /// <param name="goesOn">Asked before each step with the number of steps done.</param>
    public async Task RunAsync(Func<int, bool> goesOn)
    {
        await _daemon.StartAsync();
        _monitor = await BusClient.ConnectAsync(_daemon.Unix, new BusClientOptions { Name = "monitor", ReconnectMinDelay = TimeSpan.FromMilliseconds(5), ReconnectMaxDelay = TimeSpan.FromMilliseconds(50) }).Guard();
        var before = await SettledAsync(_monitor);

        await using var relay = new Relay(_daemon.Tcp);
        await using var crowd = new Crowd(_daemon.Unix, _daemon.Tcp);
        await using var traffic = new Traffic(_ledger);
        await OpenAsync(relay);
        var (all, group, shaky) = (new Receiver(_ledger, "the subscriber of all", topic: null), new Receiver(_ledger, "the queue group", topic: null), new Receiver(_ledger, "the subscriber over the relay", topic: null));
        await all.OpenAsync([Tcp]);
        await group.OpenAsync([Unix, Tcp], queue: "stable");
        await shaky.OpenAsync([_buses[2]]);
        await traffic.HandleAsync(Tcp).Guard();
        Load(traffic);

        var steps = 0;
        for (; goesOn(steps); steps++)
        {
            await StepAsync(crowd, relay);
            await traffic.RoundsAsync(2);
        }

        while (_windows.Count > 0) await CloseWindowAsync();
        await traffic.StopAsync();
        await all.CloseAsync();
        await group.CloseAsync();
        await shaky.CloseAsync(isStable: false);
        await _daemon.Process.SignalAsync("CONT");
        await crowd.DisposeAsync();
        foreach (var text in crowd.Gone.Distinct()) _ledger.Fault($"A process of the crowd ended by itself, {text}");
        for (var topic = 0; topic < 3; topic++) await Unix.ClearRetainedAsync($"soakkept.{topic}").Guard();
        foreach (var bus in _buses) await bus.DisposeAsync().AsTask().Guard();
        Summary = $"seed {seed}: {steps} steps, {_ledger.Confirmed} messages confirmed, {traffic.Answered} requests answered and {traffic.Unanswered} not, {traffic.Delivered} deliveries, {crowd.Started} processes, the bus restarted {_restarts} times and killed {_kills} times";
        await before.ReturnsAsync(_monitor);
        Assert.Equal("monitor", Assert.Single(await _monitor.GetClientsAsync().Guard(), client => client.Pid == Environment.ProcessId).Name);
    }

    public async ValueTask DisposeAsync()
    {
        if (_monitor is not null) await _monitor.DisposeAsync();
        await _daemon.DisposeAsync();
    }

    /// <summary>Everything has been used once: what a first use leaves behind is no leak.</summary>
    private static async Task<Footprint> SettledAsync(IBus monitor)
    {
        await monitor.PublishConfirmedAsync("soakkept.0", "", new PublishOptions { Retain = true }).Guard();
        Footprint? last = null;
        await Eventually.HoldsAsync(
            async () =>
            {
                var (earlier, now) = (last, await Footprint.TakeAsync(monitor));
                last = now;
                return now == earlier && now.Statistics.TopicActors == now.Statistics.Filters;
            },
            () => $"The daemon does not come to rest: {last}");
        return last!;
    }

    private async Task OpenAsync(Relay relay)
    {
        foreach (var (url, name) in new[] { (_daemon.Unix, "unix"), (_daemon.Tcp, "tcp"), (relay.Url, "shaky") })
        {
            _buses.Add(await BusClient.ConnectAsync(url, new BusClientOptions { Name = name, ReconnectMinDelay = TimeSpan.FromMilliseconds(5), ReconnectMaxDelay = TimeSpan.FromMilliseconds(50), WaitForBus = Guarding.Limit }).Guard());
        }

        await Tcp.RespondAsync<string, string>(Traffic.Service, (text, _, _) => ValueTask.FromResult(text), new SubscriptionOptions { Queue = "service" }).Guard();
        await Unix.RespondAsync<string, string>("soaksvc.ask", (text, _, _) => ValueTask.FromResult(text)).Guard();
    }

    private void Load(Traffic traffic)
    {
        for (var i = 0; i < 3; i++) traffic.Publish(_buses[i], new Random(seed + i + 1), isStable: i < 2);
        traffic.Request(Unix);
        traffic.Request(_buses[2]);
        traffic.Deliver(Unix, Tcp.Name, isStable: true);
        traffic.Deliver(_buses[2], Tcp.Name, isStable: false);
    }

    private Task StepAsync(Crowd crowd, Relay relay)
    {
        switch (_random.Next(17))
        {
            case 0 or 1 or 2:
                crowd.Start(_random);
                return Task.CompletedTask;
            case 3:
                return crowd.KillAsync(_random);
            case 4:
                return crowd.FreezeAsync(_random);
            case 5:
                return crowd.ThawAsync(_random);
            case 6:
                return crowd.EndAsync(_random);
            case 7:
                relay.Break();
                return Task.CompletedTask;
            case 8 or 9 when _windows.Count < MostWindows:
                return OpenWindowAsync();
            case 10 when _windows.Count > 0:
                return CloseWindowAsync();
            case 11:
                return SubscribeMuchAsync();
            case 12:
                return RetainAsync();
            case 13:
                return AskAsync();
            case 14:
                return FreezeDaemonAsync();
            case 15:
                return RestartDaemonAsync(kill: _random.Next(2) == 0);
            default:
                return ComeAndGoAsync();
        }
    }

    private async Task OpenWindowAsync()
    {
        var window = new Receiver(_ledger, $"window {_ledger.Now()}", _random.Next(3) == 0 ? null : _random.Next(Ledger.Topics));
        await window.OpenAsync([_buses[_random.Next(2)]]);
        _windows.Add(window);
    }

    private async Task CloseWindowAsync()
    {
        var window = _windows[_random.Next(_windows.Count)];
        _windows.Remove(window);
        await window.CloseAsync();
    }

    /// <summary>A client with many subscriptions, some of which it gives up; it leaves with the others.</summary>
    private async Task SubscribeMuchAsync()
    {
        await using var bus = await BusClient.ConnectAsync(_daemon.Url(_random.Next(2) == 0)).Guard();
        var opening = Enumerable.Range(0, 100).Select(i => bus.OpenSubscriptionAsync<int>([$"soak.{_random.Next(Ledger.Topics)}.*", $"soakmuch.{i}"])).ToList();
        foreach (var subscription in (await Task.WhenAll(opening).Guard()).Where(_ => _random.Next(2) == 0)) await subscription.DisposeAsync();
    }

    /// <summary>Who subscribes behind a retained value gets it, or a later one.</summary>
    private async Task RetainAsync()
    {
        var (topic, value) = ($"soakkept.{_random.Next(3)}", ++_retained);
        await Unix.PublishConfirmedAsync(topic, value, new PublishOptions { Retain = true }, Guarding.Limit);
        await using var late = await Tcp.OpenSubscriptionAsync<int>(topic).Guard();
        var got = (await late.TakeAsync(1))[0];
        if (got.Data != value || !got.IsRetained) _ledger.Fault($"A late subscriber of {topic} got {got.Data}, retained: {got.IsRetained}; {value} is what is kept.");
    }

    private async Task AskAsync()
    {
        try
        {
            var result = await Tcp.SurveyAsync<string, string>("soaksvc.ask", "there?", new SurveyOptions { Timeout = TimeSpan.FromMilliseconds(500) }).Guard();
            if (result.Asked < 1 || result.Answers.Any(answer => answer is { Error: null, Data: not "there?" })) _ledger.Fault($"A survey came to {result}.");
        }
        catch (RequestTimeoutException)
        {
            // The deadline is short for the sake of those who are frozen: on a busy machine the bus itself may have said nothing by then.
        }
    }

    private async Task FreezeDaemonAsync()
    {
        await _daemon.Process.SignalAsync("STOP");
        await _daemon.Process.SignalAsync("CONT");
    }

    /// <summary>
    /// The bus stops in good order, or gets kill -9, and is started again. What was confirmed before has to be with its receivers; in the second case what was confirmed just
    /// before it may be lost with the bus, so first everything that it has written by now is fetched.
    /// </summary>
    private async Task RestartDaemonAsync(bool kill)
    {
        IBus[] all = [Unix, Tcp, _monitor];
        _ledger.BeginOutage();
        if (kill) await Task.WhenAll(all.Select(bus => bus.FlushAsync())).Guard();
        var back = all.Select(bus => bus.NextAsync(BusState.Connected)).ToList();
        if (kill) await _daemon.KillAsync();
        else if (await _daemon.StopAsync() is not (0 or 143) and var code) _ledger.Fault($"The daemon ended with {code} when it was stopped.");
        await _daemon.StartAsync();
        await Task.WhenAll(back);
        foreach (var bus in all) await bus.FlushAsync().Guard();
        _ledger.EndOutage();
        if (kill) _kills++;
        else _restarts++;
    }

    private async Task ComeAndGoAsync()
    {
        await using var bus = await BusClient.ConnectAsync(_daemon.Url(_random.Next(2) == 0), new BusClientOptions { Name = "guest", Will = new LastWill("soaksvc.wills", "guest") }).Guard();
        await using var inbox = await bus.OpenInboxAsync<string>().Guard();
        await Unix.SendAsync("guest", "welcome").Guard();
        var got = (await inbox.TakeDataAsync(1))[0];
        if (got != "welcome") _ledger.Fault($"The guest got '{got}'.");
    }
}
