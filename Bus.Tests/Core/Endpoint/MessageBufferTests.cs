using Bus.Core.Client;
using Bus.Core.Endpoint;
using Bus.Tests.Client;
using FsCheck;
using FsCheck.Fluent;

namespace Bus.Tests.Core.Endpoint;

/// <summary>The buffer of a subscription against a list, for each policy.</summary>
public sealed class MessageBufferTests
{
    private const int MaxCapacity = 4;

    private static readonly Gen<int?[]> Operations = Gen.OneOf(Gen.Choose(0, 5).Select(topic => (int?)topic), Gen.Constant<int?>(null)).ArrayOf();

    [Fact]
    public void It_drops_the_oldest() => Check(SubscriptionOverflow.DropOldest, (waiting, capacity, message) =>
    {
        var dropped = waiting.Count == capacity ? Pop(waiting) : null;
        waiting.Add(message);
        return dropped;
    });

    [Fact]
    public void It_drops_the_newest() => Check(SubscriptionOverflow.DropNewest, (waiting, capacity, message) =>
    {
        if (waiting.Count == capacity) return message;
        waiting.Add(message);
        return null;
    });

    [Fact]
    public void It_keeps_the_latest_of_each_topic_in_the_place_of_the_one_before() => Check(SubscriptionOverflow.LatestPerTopic, (waiting, capacity, message) =>
    {
        var at = waiting.FindIndex(m => m.Topic == message.Topic);
        if (at >= 0)
        {
            var replaced = waiting[at];
            waiting[at] = message;
            return replaced;
        }

        var dropped = waiting.Count == capacity ? Pop(waiting) : null;
        waiting.Add(message);
        return dropped;
    });

    [Theory]
    [InlineData(SubscriptionOverflow.DropOldest)]
    [InlineData(SubscriptionOverflow.DropNewest)]
    [InlineData(SubscriptionOverflow.LatestPerTopic)]
    public async Task Beside_a_reader_each_message_is_taken_or_dropped_once_and_topics_keep_their_order(SubscriptionOverflow overflow)
    {
        const int Count = 100_000;
        var buffer = new MessageBuffer(8);
        var policy = new BufferPolicy(buffer, overflow);
        var reading = Task.Run(async () =>
        {
            var taken = new List<BusMessage>();
            while (await buffer.WaitAsync(CancellationToken.None))
            {
                while (buffer.TryTake(out var message)) taken.Add(message);
            }

            return taken;
        });
        var dropped = new List<BusMessage>();
        for (var i = 0; i < Count; i++)
        {
            if (policy.Put(Message($"t{i % 13}", i)) is { } message) dropped.Add(message);
        }

        buffer.Complete();
        var all = await reading.Guard();
        Assert.Equal(Enumerable.Range(0, Count), all.Concat(dropped).Select(Number).Order());
        Assert.Equal((0, all.Count), (buffer.Count, (int)buffer.Taken));
        Assert.All(all.GroupBy(m => m.Topic), topic => Assert.Equal(topic.Select(Number).Order(), topic.Select(Number)));
    }

    private static void Check(SubscriptionOverflow overflow, Func<List<BusMessage>, int, BusMessage, BusMessage?> put) =>
        Prop.ForAll(Gen.Choose(1, MaxCapacity).Zip(Operations).ToArbitrary(), run =>
        {
            var (capacity, operations) = run;
            var buffer = new MessageBuffer(capacity);
            var policy = new BufferPolicy(buffer, overflow);
            var waiting = new List<BusMessage>();
            for (var i = 0; i < operations.Length; i++)
            {
                if (operations[i] is { } topic)
                {
                    var message = Message($"t{topic}", i);
                    Assert.Same(put(waiting, capacity, message), policy.Put(message));
                }
                else
                {
                    Assert.Same(waiting.Count > 0 ? Pop(waiting) : null, buffer.TryTake(out var taken) ? taken : null);
                }

                Assert.Equal((waiting.Count, waiting.Count >= capacity), (buffer.Count, buffer.IsFull));
            }
        }).QuickCheckThrowOnFailure();

    private static BusMessage Pop(List<BusMessage> waiting)
    {
        var first = waiting[0];
        waiting.RemoveAt(0);
        return first;
    }

    private static BusMessage<int> Message(string topic, int number) => new(topic, number);

    private static int Number(BusMessage message) => ((BusMessage<int>)message).Data;
}
