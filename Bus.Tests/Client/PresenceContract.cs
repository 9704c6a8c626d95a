using Bus.Core.Client;
using Bus.Core.Presence;

namespace Bus.Tests.Client;

/// <summary>Who comes and who goes.</summary>
public abstract class PresenceContract<TFixture> : BusContract<TFixture>
    where TFixture : BusFixture, new()
{
    [Fact]
    public async Task Who_joins_and_who_leaves_is_told_with_the_reason()
    {
        var bus = await Fixture.ConnectAsync("watcher");
        await using var watching = await Watching.StartAsync(bus);

        var guest = await Fixture.ConnectAsync("guest");
        var joined = await watching.NextAsync(PresenceKind.Join, "guest");
        await guest.DisposeAsync().AsTask().Guard();
        var left = await watching.NextAsync(PresenceKind.Leave, "guest");

        Assert.Null(joined.Reason);
        Assert.Equal(Environment.ProcessId, joined.Client.Pid);
        Assert.Equal(LeaveReason.Closed, left.Reason);
        Assert.Equal(joined.Client, left.Client);
    }

    [Fact]
    public async Task A_name_that_is_taken_over_leaves_and_joins()
    {
        var bus = await Fixture.ConnectAsync("watcher");
        await Fixture.ConnectAsync("guest");
        await using var watching = await Watching.StartAsync(bus);

        await Fixture.TakeOverAsync("guest");

        var left = await watching.NextAsync(PresenceKind.Leave, "guest");
        var joined = await watching.NextAsync(PresenceKind.Join, "guest");
        Assert.Equal(LeaveReason.TakenOver, left.Reason);
        Assert.NotEqual(left.Client.Id, joined.Client.Id);
    }

    [Fact]
    public async Task Who_loses_its_name_handles_what_has_arrived()
    {
        var guest = await Fixture.ConnectAsync("guest");
        var (handled, begun, goOn) = (new List<int>(), new TaskCompletionSource(), new TaskCompletionSource());
        var subscription = await guest.OpenSubscriptionAsync<int>("n", async (message, _) =>
        {
            begun.TrySetResult();
            await goOn.Task;
            handled.Add(message.Data);
        });
        foreach (var n in (int[])[1, 2, 3]) await guest.PublishAsync("n", n);
        await guest.FlushAsync().Guard();
        await begun.Task.Guard();
        var closed = guest.NextAsync(BusState.Closed);

        await Fixture.TakeOverAsync("guest");
        await closed;
        goOn.SetResult();

        Assert.IsType<BusRefusedException>(await Record.ExceptionAsync(() => subscription.Completion.Guard()));
        Assert.Equal([1, 2, 3], handled);
    }

    [Fact]
    public async Task Those_who_are_here_come_first_and_nobody_twice()
    {
        var names = Enumerable.Range(0, 20).Select(i => $"guest-{i}").ToArray();
        var bus = await Fixture.ConnectAsync("watcher");
        using var limit = new CancellationTokenSource(Guarding.Limit);
        var seen = new List<string>();
        // They come while the watch begins.
        var coming = Task.WhenAll(names.Select(name => Task.Run(() => Fixture.ConnectAsync(name))));

        await foreach (var happened in bus.WatchPresenceAsync(includePresent: true, limit.Token))
        {
            if (happened.Client.Name.StartsWith("guest-", StringComparison.Ordinal)) seen.Add(happened.Client.Name);
            if (seen.Count == names.Length) break;
        }

        await coming.Guard();
        Assert.Equal(names.Order(StringComparer.Ordinal), seen.Order(StringComparer.Ordinal));
    }
}

public sealed class LocalPresenceTests : PresenceContract<LocalBusFixture>;

public sealed class UnixPresenceTests : PresenceContract<UnixBusFixture>;

public sealed class TcpPresenceTests : PresenceContract<TcpBusFixture>;
