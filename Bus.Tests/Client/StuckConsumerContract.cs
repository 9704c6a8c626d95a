using Bus.Core.Client;
using Bus.Tests.Processes;

namespace Bus.Tests.Client;

/// <summary>A consumer that does not move must not take anybody with it: not the publisher, not the replies of its own bus.</summary>
public abstract class StuckConsumerContract<TFixture> : BusContract<TFixture>
    where TFixture : BusFixture, new()
{
    private static readonly SubscriptionOptions Small = new() { Capacity = 4, StallTimeout = TimeSpan.FromMilliseconds(200) };

    private static readonly byte[] Payload = new byte[64 * 1024];

    [Fact]
    public async Task A_stuck_handler_loses_what_does_not_fit_and_the_publisher_goes_on()
    {
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var bus = await Fixture.ConnectAsync();
        var publisher = await Fixture.ConnectAsync();
        await using var stuck = await bus.OpenSubscriptionAsync<byte[]>("a", async (_, token) => await release.Task.WaitAsync(token), Small).Guard();

        // Far more than all the windows on the way hold.
        for (var i = 0; i < 500; i++) await publisher.PublishAsync("a", Payload).AsTask().Guard();
        await publisher.FlushAsync().Guard();
        await Eventually.HoldsAsync(() => stuck.Dropped > 0, () => $"{stuck.Delivered} were delivered, {stuck.Pending} are pending and none dropped.");

        release.SetResult();
        await stuck.UnsubscribeAsync().Guard();
    }

    [Fact]
    public async Task A_handler_that_makes_a_request_behind_its_own_backlog_gets_its_reply()
    {
        var answered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var bus = await Fixture.ConnectAsync();
        var other = await Fixture.ConnectAsync();
        await using var service = await other.RespondAsync<string, string>("question", (_, _, _) => ValueTask.FromResult("answer")).Guard();
        await using var subscription = await bus.OpenSubscriptionAsync<byte[]>(
            "a",
            async (_, token) =>
            {
                await bus.RequestAsync<string, string>("question", "?", TimeSpan.FromSeconds(30), token);
                answered.TrySetResult();
            },
            Small).Guard();

        for (var i = 0; i < 500; i++) await other.PublishAsync("a", Payload).AsTask().Guard();

        await answered.Task.Guard();
    }
}
