using Bus.Core.Client;
using Bus.Core.Presence;
using Bus.Tests.Client;

namespace Bus.Tests.EndToEnd;

/// <summary>Who watches others while the daemon is killed, and with it the news of who left and who came. The processes use TCP, the test the Unix socket.</summary>
public sealed class PresenceKillTests() : DaemonContract("bus")
{
    protected override string ProcessUrl { get; } = new RestartingTcpBus().Endpoint.ToString();

    [Fact]
    public async Task Who_left_while_the_daemon_was_away_is_told_when_it_is_back_and_nobody_is_told_twice()
    {
        await using var bus = await ConnectAsync("watcher");
        await using var stays = await StartReadyAsync("subscribed", "inbox", "stays");
        await using var dies = await StartReadyAsync("subscribed", "inbox", "dies");
        using var limit = new CancellationTokenSource(Guarding.Limit * 2);
        await using var events = bus.WatchPresenceAsync(includePresent: true, limit.Token).GetAsyncEnumerator(CancellationToken.None);
        var here = new Dictionary<string, BusParticipant>();
        await SeeUntilAsync(() => here.ContainsKey("stays") && here.ContainsKey("dies"));
        var before = here["stays"];

        await KillDaemonAsync();
        await dies.SignalAsync("KILL");
        await dies.ExitAsync();
        await StartDaemonAsync();

        await SeeUntilAsync(() => !here.ContainsKey("dies") && here.TryGetValue("stays", out var stayed) && stayed.Since != before.Since);
        Assert.Equal((before.Id, stays.Id), (here["stays"].Id, here["stays"].Pid));
        await stays.SignalAsync("KILL");
        var left = await SeeUntilAsync(() => !here.ContainsKey("stays"));
        Assert.Equal(LeaveReason.Lost, left.Reason);

        async Task<PresenceEvent> SeeUntilAsync(Func<bool> condition)
        {
            do
            {
                Assert.True(await events.MoveNextAsync());
                // Who comes was not here, and who leaves was: the same one.
                if (events.Current.Kind == PresenceKind.Join) Assert.True(here.TryAdd(events.Current.Client.Name, events.Current.Client), $"{events.Current} is told twice.");
                else Assert.True(here.Remove(events.Current.Client.Name, out var gone) && gone == events.Current.Client, $"{events.Current} was not here.");
            }
            while (!condition());
            return events.Current;
        }
    }

    [Fact]
    public async Task A_watch_that_slept_while_the_daemon_was_killed_shows_what_it_has_missed()
    {
        await using var bus = await ConnectAsync();
        await using var stays = await StartReadyAsync("subscribed", "inbox", "stays");
        await using var dies = await StartReadyAsync("subscribed", "inbox", "dies");
        await using var watch = await StartReadyAsync("watching", "watch", "presence");
        await watch.Output.WaitForAsync("+ dies");
        await watch.FreezeAsync();
        var back = bus.NextAsync(BusState.Connected);
        await KillDaemonAsync();
        await dies.SignalAsync("KILL");
        await StartDaemonAsync();
        await back;
        await stays.Errors.WaitForAsync("again");

        await watch.SignalAsync("CONT");
        await watch.Output.WaitForAsync($" - dies process {dies.Id} (ipcbus inbox): gone when the connection was back");
        await stays.SignalAsync("KILL");

        await watch.Output.WaitForAsync($" - stays process {stays.Id} (ipcbus inbox): its connection ended without a word");
        string[] lines = [.. watch.Output.Lines.Where(line => line.Contains(" stays ", StringComparison.Ordinal)).Select(line => line.Split(' ')[1])];
        Assert.Equal(["+", "-", "+", "-"], lines);
    }
}
