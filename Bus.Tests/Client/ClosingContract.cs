using Bus.Core.Client;

namespace Bus.Tests.Client;

/// <summary>Closing in good order, within a limit, and at once.</summary>
public abstract class ClosingContract<TFixture> : BusContract<TFixture>
    where TFixture : BusFixture, new()
{
    private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<string> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Fact]
    public async Task Draining_waits_for_the_replies_to_its_requests()
    {
        var (bus, request) = await AskAsync(await Fixture.ConnectAsync());

        var draining = bus.DrainAsync();
        _answer.SetResult("here");

        Assert.Equal("here", await request.Guard());
        await draining.Guard();
        Assert.Equal(BusState.Closed, bus.State);
    }

    [Fact]
    public async Task Closing_within_a_limit_says_whether_it_was_enough()
    {
        var (bus, request) = await AskAsync(await Fixture.ConnectAsync());

        Assert.False(await bus.CloseAsync(TimeSpan.FromMilliseconds(50)).Guard());
        await Assert.ThrowsAsync<BusClosedException>(() => request.Guard());
        Assert.Equal(BusState.Closed, bus.State);
        _answer.SetResult("too late");

        Assert.True(await (await Fixture.ConnectAsync()).CloseAsync(Guarding.Limit).Guard());
    }

    [Fact]
    public async Task Aborting_ends_all_at_once_with_the_reason()
    {
        var (bus, request) = await AskAsync(await Fixture.ConnectAsync());
        var other = await Fixture.ConnectAsync();
        var (running, never) = (new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        var handled = await bus.OpenSubscriptionAsync<int>("n", async (_, _) =>
        {
            running.TrySetResult();
            await never.Task;
        }).Guard();
        var buffered = await bus.OpenSubscriptionAsync<int>("n").Guard();
        await other.PublishAsync("n", 1);
        await running.Task.Guard();
        var closed = bus.NextAsync(BusState.Closed);

        await bus.AbortAsync("the disk is full").AsTask().Guard();

        Assert.Contains("(the disk is full)", (await Assert.ThrowsAsync<BusClosedException>(() => request.Guard())).Message, StringComparison.Ordinal);
        Assert.Contains("(the disk is full)", (await closed).Reason!.Message, StringComparison.Ordinal);
        await handled.Completion.Guard();
        await buffered.Completion.Guard();
        Assert.Contains("(the disk is full)", (await Assert.ThrowsAsync<BusClosedException>(async () => await bus.PublishAsync("n", 2))).Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<BusClosedException>(() => bus.FlushAsync());
        await bus.AbortAsync("again").AsTask().Guard();
        await bus.DisposeAsync().AsTask().Guard();
        never.SetResult();
        _answer.SetResult("too late");
        // Its name and its subscriptions are gone.
        await Processes.Eventually.HoldsAsync(async () => (await other.GetClientsAsync()).All(client => client.Name != bus.Name), () => $"{bus.Name} is still there.");
        await Processes.Eventually.HoldsAsync(async () => (await other.PublishConfirmedAsync("n", 3)).Reached == 0, () => "Its subscriptions are still there.");
    }

    [Fact]
    public async Task Aborting_cuts_a_drain_short()
    {
        var bus = await Fixture.ConnectAsync();
        var (running, never) = (new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        await bus.OpenSubscriptionAsync<int>("n", async (_, _) =>
        {
            running.TrySetResult();
            await never.Task;
        }).Guard();
        await bus.PublishAsync("n", 1);
        await running.Task.Guard();
        var draining = bus.DrainAsync();

        await bus.AbortAsync().AsTask().Guard();

        await Assert.ThrowsAnyAsync<BusException>(() => draining.Guard());
        Assert.Equal(BusState.Closed, bus.State);
        never.SetResult();
    }

    /// <summary>A request that is under way and has no limit.</summary>
    private async Task<(IBus Bus, Task<string> Request)> AskAsync(IBus bus)
    {
        var responder = await Fixture.ConnectAsync();
        await responder.RespondAsync<string, string>("ask", async (_, _) =>
        {
            _asked.TrySetResult();
            return await _answer.Task;
        }).Guard();
        var request = bus.RequestAsync<string, string>("ask", "?", Timeout.InfiniteTimeSpan);
        await _asked.Task.Guard();
        return (bus, request);
    }
}

public sealed class LocalClosingTests : ClosingContract<LocalBusFixture>;

public sealed class UnixClosingTests : ClosingContract<UnixBusFixture>;

public sealed class TcpClosingTests : ClosingContract<TcpBusFixture>;

public sealed class PipeClosingTests : ClosingContract<PipeBusFixture>;
