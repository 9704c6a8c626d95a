using System.Buffers;
using Bus.Core.Client;
using Bus.Core.Hosting;

namespace Bus.Tests.Client;

public sealed class LocalPublishTests : PublishContract<LocalBusFixture>;

public sealed class LocalRequestTests : RequestContract<LocalBusFixture>;

public sealed class LocalSubscriptionTests : SubscriptionContract<LocalBusFixture>;

public sealed class LocalTopicRefTests : TopicRefContract<LocalBusFixture>;

public sealed class LocalActorSubscriptionTests : ActorSubscriptionContract<LocalBusFixture>;

public sealed class LocalLifecycleTests : LifecycleContract<LocalBusFixture>;

public sealed class LocalStuckConsumerTests : StuckConsumerContract<LocalBusFixture>
{
    [Fact]
    public async Task A_request_that_a_stuck_responder_drops_fails_at_once()
    {
        var bus = await Fixture.ConnectAsync();
        await using var stuck = await bus.RespondAsync<int, int>(
            "a",
            async (_, _, token) =>
            {
                await new TaskCompletionSource().Task.WaitAsync(token);
                return 0;
            },
            new SubscriptionOptions { Capacity = 1, StallTimeout = TimeSpan.FromMilliseconds(50) }).Guard();

        // One is handled, one waits in the buffer, the rest is dropped.
        var requests = Enumerable.Range(0, 10).Select(i => bus.RequestAsync<int, int>("a", i, TimeSpan.FromHours(1))).ToList();

        for (var i = 0; i < 8; i++)
        {
            var dropped = await Task.WhenAny(requests).Guard();
            requests.Remove(dropped);
            await Assert.ThrowsAsync<NoRespondersException>(() => dropped);
        }
    }
}

public sealed class LocalCreditTests
{
    [Fact]
    public async Task A_request_that_is_cancelled_before_it_is_sent_leaves_no_trace_in_the_window()
    {
        using var cancellation = new CancellationTokenSource();
        await using var node = await BusNode.StartAsync(new IpcBusOptions { PublishWindow = 1, Serializer = new Cancelling(cancellation) });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => node.Bus.RequestAsync<int, int>("a", 1, TimeSpan.FromSeconds(30), cancellation.Token));
        await node.Bus.FlushAsync().Guard();

        var publishing = node.Bus.PublishAsync("a", "x").AsTask();
        Assert.True(publishing.IsCompletedSuccessfully, "The publisher waits for room that the request still has.");
    }

    private sealed class Cancelling(CancellationTokenSource cancellation) : IBusSerializer
    {
        public void Serialize<T>(T value, IBufferWriter<byte> target) => cancellation.Cancel();

        public T Deserialize<T>(ReadOnlyMemory<byte> payload) => throw new NotSupportedException("Nothing is answered here.");
    }
}
