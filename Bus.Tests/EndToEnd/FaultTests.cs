using System.Collections.Concurrent;
using Bus.Core.Client;
using Bus.Core.Presence;
using Bus.Tests.Client;
using Bus.Tests.Processes;
using Bus.Transport.Client;

namespace Bus.Tests.EndToEnd;

/// <summary>Real processes that are killed or frozen in the middle of confirmed messages, retained values and surveys: each call ends, with what it is for or with an error that says why not.</summary>
public abstract class FaultTests(bool tcp) : IAsyncLifetime
{
    // Nothing here ends because of its own timeout.
    private static readonly TimeSpan Never = TimeSpan.FromHours(1);

    private readonly RestartingDaemon _daemon = new("--ping-interval", "2s", "--max-pending", "2MiB");

    public Task InitializeAsync() => _daemon.StartAsync();

    public async Task DisposeAsync() => await _daemon.DisposeAsync();

    [Fact]
    public async Task When_the_bus_is_killed_every_call_ends_in_success_or_with_the_connection_lost()
    {
        await using var bus = await ConnectAsync();
        await using var other = await ConnectAsync();
        await using var responder = await other.RespondAsync<int, int>("ask", (question, _, _) => ValueTask.FromResult(question)).Guard();
        var options = new SurveyOptions { Timeout = Never };
        (string Name, Func<Task> Call)[] calls =
        [
            ("confirmed", () => bus.PublishConfirmedAsync("news", 1, timeout: Never)),
            ("retained", () => bus.PublishConfirmedAsync("kept", 1, new PublishOptions { Retain = true }, Never)),
            ("survey", () => bus.SurveyAsync<int, int>("ask", 1, options)),
            ("request", () => bus.RequestAsync<int, int>("ask", 1, Never)),
        ];
        using var done = new CancellationTokenSource();
        var (ended, lost) = (new ConcurrentDictionary<string, int>(), 0);
        var workers = calls.SelectMany(call => Enumerable.Repeat(call, 4)).Select(call => Task.Run(async () =>
        {
            while (!done.IsCancellationRequested)
            {
                try
                {
                    await call.Call();
                    ended.AddOrUpdate(call.Name, 1, (_, count) => count + 1);
                }
                catch (ConnectionLostException)
                {
                    Interlocked.Increment(ref lost);
                }
                catch (NoRespondersException)
                {
                    // The responder is not back yet.
                }
            }
        })).ToArray();

        for (var round = 0; round < 3; round++)
        {
            ended.Clear();
            await Eventually.HoldsAsync(() => calls.All(call => ended.GetValueOrDefault(call.Name) > 20), () => $"Calls that ended well: {string.Join(", ", ended)}; failed: {workers.FirstOrDefault(worker => worker.IsFaulted)?.Exception}");
            await _daemon.KillAsync();
            await _daemon.StartAsync();
        }

        await done.CancelAsync();
        await Task.WhenAll(workers).Guard();
        Assert.True(lost > 0, "Nothing was under way when the bus was killed.");
    }

    [Fact]
    public async Task When_a_subscriber_is_killed_the_others_get_all_that_is_confirmed()
    {
        const int Messages = 2000;
        await using var bus = await ConnectAsync();
        await using var survivor = await bus.OpenSubscriptionAsync<int>("stream", new SubscriptionOptions { Capacity = Messages }).Guard();
        await using var victim = ToolProcess.StartIpcBus("sub", "stream", "--url", _daemon.Url(tcp));
        await victim.Errors.WaitForAsync("subscribed");

        var reached = new List<int>();
        Task? kill = null;
        for (var i = 0; i < Messages; i++)
        {
            reached.Add((await bus.PublishConfirmedAsync("stream", i, timeout: Never).Guard()).Reached);
            if (i == Messages / 2) kill = victim.SignalAsync("KILL");
        }

        await kill!;
        Assert.Equal(2, reached[0]);
        Assert.Equal(reached.OrderDescending(), reached);
        Assert.Equal(Enumerable.Range(0, Messages), await survivor.TakeDataAsync(Messages));
        await Eventually.HoldsAsync(async () => (await bus.PublishConfirmedAsync("stream", -1, timeout: Never).Guard()).Reached == 1, () => "The subscription of the victim ends.");
    }

    [Fact]
    public async Task A_survey_goes_without_who_is_frozen_or_killed()
    {
        await using var bus = await ConnectAsync("asker");
        await using var watching = await Watching.StartAsync(bus);
        await using var here = await bus.RespondAsync<string, string>("ask", (_, _, _) => ValueTask.FromResult("here")).Guard();
        await using var victim = ToolProcess.StartIpcBus("reply", "ask", "--url", _daemon.Url(tcp));
        await victim.Errors.WaitForAsync("ask");
        var complete = await bus.SurveyAsync<string, string>("ask", "?", new SurveyOptions { Timeout = Never }).Guard();
        Assert.Equal((2, 2, true), (complete.Asked, complete.Answers.Count, complete.IsComplete));
        var name = (await bus.GetClientsAsync().Guard()).Single(client => client.Pid == victim.Id).Name;

        await victim.FreezeAsync();
        // The bus does not know yet that it is frozen, or finds out meanwhile.
        var without = await bus.SurveyAsync<string, string>("ask", "?", new SurveyOptions { Timeout = TimeSpan.FromSeconds(3) }).Guard();
        Assert.Equal("here", Assert.Single(without.Answers).Data);
        await watching.NextAsync(PresenceKind.Leave, name);
        Assert.Equal(1, (await bus.SurveyAsync<string, string>("ask", "?", new SurveyOptions { Timeout = Never }).Guard()).Asked);

        await victim.SignalAsync("CONT");
        await victim.Errors.WaitForAsync("again");
        await Eventually.HoldsAsync(async () => (await bus.SurveyAsync<string, string>("ask", "?", new SurveyOptions { Timeout = Guarding.Limit }).Guard()).Answers.Count == 2, () => "It answers again.");
        await victim.SignalAsync("KILL");
        await watching.NextAsync(PresenceKind.Leave, name);
        Assert.Equal(1, (await bus.SurveyAsync<string, string>("ask", "?", new SurveyOptions { Timeout = Never }).Guard()).Asked);
    }

    [Fact]
    public async Task Who_does_not_read_while_messages_are_confirmed_is_closed_and_nobody_waits_for_it_for_long()
    {
        await using var bus = await ConnectAsync("publisher");
        await using var watching = await Watching.StartAsync(bus);
        await using var victim = ToolProcess.StartIpcBus("sub", "big", "--url", _daemon.Url(tcp));
        await victim.Errors.WaitForAsync("subscribed");
        var name = (await bus.GetClientsAsync().Guard()).Single(client => client.Pid == victim.Id).Name;
        await using var other = await ConnectAsync();
        var arrived = 0;
        await using var survivor = await other.OpenSubscriptionAsync<byte[]>("big", (_, _) =>
        {
            arrived++;
            return default;
        }).Guard();
        await victim.FreezeAsync();

        var (left, published) = (watching.NextAsync(PresenceKind.Leave, name), 0);
        for (var payload = new byte[16 * 1024]; !left.IsCompleted; published++) Assert.InRange((await bus.PublishConfirmedAsync("big", payload, timeout: Never).Guard()).Reached, 1, 2);

        // Long silent it is frozen, and else slow: what is found first.
        Assert.Contains((await left).Reason!.Value, (LeaveReason[])[LeaveReason.SlowConsumer, LeaveReason.Stale]);
        await other.FlushAsync().Guard();
        await survivor.DrainAsync().Guard();
        Assert.Equal(published, arrived);
    }

    private Task<IBus> ConnectAsync(string? name = null) =>
        BusClient.ConnectAsync(_daemon.Url(tcp), new BusClientOptions { Name = name, ReconnectMinDelay = TimeSpan.FromMilliseconds(5), ReconnectMaxDelay = TimeSpan.FromMilliseconds(20) }).Guard();
}

public sealed class UnixFaultTests() : FaultTests(tcp: false);

public sealed class TcpFaultTests() : FaultTests(tcp: true);
