using Bus.Core;
using Bus.Core.Endpoint;
using Bus.Core.Rpc;
using Bus.Core.Streams;
using Bus.Tests.Client;

namespace Bus.Tests.Streams;

/// <summary>What a stream that has ended leaves behind: nothing.</summary>
public sealed class StreamLeftoverTests : BusContract<LocalBusFixture>
{
    [Fact]
    public async Task A_call_that_has_ended_does_not_hear_of_the_caller_s_token_any_more()
    {
        var bus = (BusFacade)await Fixture.ConnectAsync();
        using var caller = new CancellationTokenSource();
        var call = new StreamCall<int>(bus, "a.b", new StreamCallOptions(), caller.Token);
        var ended = call.Ended;

        await call.DisposeAsync();
        await caller.CancelAsync();

        Assert.False(ended.IsCancellationRequested);
    }

    [Fact]
    public async Task Who_leaves_the_bus_is_not_remembered_for_another_side_without_a_name()
    {
        var bus = (BusFacade)await Fixture.ConnectAsync();
        await using var inbox = await bus.OpenSubscriptionAsync<string>("_INBOX.mine").Guard();
        await using var watch = new StreamWatch(bus, "a.b", "_INBOX.mine", _ => { }, () => { }) { Lost = new StreamBrokenException("a.b", "it is lost") };

        watch.PeerName = null;
        watch.Left(SystemTopics.LeaveOf("somebody"));
        // If it were remembered, this would find it, and be told so by way of the inbox.
        watch.PeerName = "somebody";
        await bus.PublishAsync("_INBOX.mine", "nothing else");

        Assert.Equal(["nothing else"], await inbox.TakeDataAsync(1));
    }
}
