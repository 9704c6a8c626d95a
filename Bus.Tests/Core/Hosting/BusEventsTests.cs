using Bus.Core.Hosting;
using Bus.Core.Presence;
using Bus.Tests.Client;

namespace Bus.Tests.Core.Hosting;

public sealed class BusEventsTests
{
    [Fact]
    public async Task What_waits_for_a_handler_that_blocks_has_a_limit_and_the_stop_is_told_of_all_the_same()
    {
        using var log = new LogLines();
        using var release = new ManualResetEventSlim();
        var (entered, heard, stopped) = (new TaskCompletionSource(), 0, false);
        var events = new BusEvents(sender: null, log);
        events.ConnectionFailed += (_, _) =>
        {
            entered.TrySetResult();
            release.Wait(CancellationToken.None);
            heard++;
        };
        events.Stopped += (_, _) => stopped = true;
        events.Begin("a", []);
        events.Failed(Problem);
        await entered.Task.Guard();

        for (var i = 0; i < BusEvents.MaxWaiting + 5; i++) events.Failed(Problem);
        var ended = events.EndAsync();
        events.Failed(Problem);
        Assert.False(ended.IsCompleted);
        release.Set();
        await ended.Guard();

        Assert.Equal((BusEvents.MaxWaiting, true), (heard, stopped));
        Assert.Contains("are dropped", await log.WithAsync("events of the bus wait").Guard(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_happens_before_the_start_is_told_behind_it_and_in_order()
    {
        using var log = new LogLines();
        var heard = new List<string>();
        var events = new BusEvents(sender: this, log);
        events.Started += (sender, e) => heard.Add($"{sender == this} {e.Name}");
        events.ClientJoined += (_, e) => heard.Add($"+{e.Client.Name}");
        events.ClientLeft += (_, e) => heard.Add($"-{e.Client.Name} {e.Reason}");
        events.Joined(Client("x"));
        events.Left(Client("x"), LeaveReason.Lost);

        events.Begin("orders", []);
        events.Joined(Client("y"));
        await events.EndAsync().Guard();

        Assert.Equal(["True orders", "+x", "-x Lost", "+y"], heard);
    }

    private static ConnectionProblem Problem { get; } = new() { Kind = ConnectionProblemKind.Stale, Text = "t", Endpoint = "e" };

    private static BusParticipant Client(string name) => new() { Name = name, Id = "1", Since = DateTimeOffset.UnixEpoch, Endpoint = "e" };
}
