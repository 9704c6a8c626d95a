using Bus.Core.Client;
using Bus.Core.Messages;

namespace Bus.Tests.Client;

public abstract class PublishContract<TFixture> : BusContract<TFixture>
    where TFixture : BusFixture, new()
{
    [Fact]
    public async Task A_message_reaches_the_matching_subscriptions_with_its_topic()
    {
        var (publisher, subscriber) = (await Fixture.ConnectAsync("p"), await Fixture.ConnectAsync("s"));
        await using var exact = await subscriber.OpenSubscriptionAsync<Order>("orders.eu.created");
        await using var star = await subscriber.OpenSubscriptionAsync<Order>("orders.*.created");
        await using var rest = await subscriber.OpenSubscriptionAsync<Order>("orders.>");
        await using var other = await subscriber.OpenSubscriptionAsync<Order>("orders.us.*");

        await publisher.PublishAsync("orders.eu.created", new Order(1, "Ada"));
        await publisher.PublishAsync("orders.us.created", new Order(2, "Grace"));

        var message = Assert.Single(await exact.TakeAsync(1));
        Assert.Equal("orders.eu.created", message.Topic);
        Assert.Equal(new Order(1, "Ada"), message.Data);
        Assert.Null(message.ReplyTo);
        Assert.Equal([1, 2], (await star.TakeDataAsync(2)).Select(o => o.Number).Order());
        Assert.Equal([1, 2], (await rest.TakeDataAsync(2)).Select(o => o.Number).Order());
        Assert.Equal([2], (await other.TakeDataAsync(1)).Select(o => o.Number));
    }

    [Fact]
    public async Task Bytes_and_text_are_sent_as_they_are()
    {
        var bus = await Fixture.ConnectAsync();
        await using var bytes = await bus.OpenSubscriptionAsync<byte[]>("raw");
        await using var text = await bus.OpenSubscriptionAsync<string>("raw");
        await using var memory = await bus.OpenSubscriptionAsync<ReadOnlyMemory<byte>>("raw");

        await bus.PublishAsync("raw", "grüße");
        await bus.PublishAsync("raw", new byte[] { 0, 13, 10, 255 });
        await bus.PublishAsync("raw", ReadOnlyMemory<byte>.Empty);

        Assert.Equal(["67-72-C3-BC-C3-9F-65", "00-0D-0A-FF", ""], (await bytes.TakeDataAsync(3)).Select(b => BitConverter.ToString(b)));
        Assert.Equal("grüße", (await text.TakeDataAsync(1))[0]);
        Assert.Equal(7, (await memory.TakeDataAsync(1))[0].Length);
    }

    [Fact]
    public async Task Headers_arrive_in_order_with_all_their_values()
    {
        var bus = await Fixture.ConnectAsync();
        await using var subscription = await bus.OpenSubscriptionAsync<string>("h");
        var headers = new BusHeaders { { "Trace", "abc" }, { "Tag", "one" }, { "Tag", "zwei: ü" } };

        await bus.PublishAsync("h", "body", new PublishOptions { Headers = headers, ReplyTo = "answers.here" });
        await bus.PublishAsync("h", "plain");

        var messages = await subscription.TakeAsync(2);
        Assert.Equal(headers, messages[0].Headers);
        Assert.Equal(["one", "zwei: ü"], messages[0].Headers.GetValues("tag"));
        Assert.Equal("answers.here", messages[0].ReplyTo);
        Assert.Equal("body", messages[0].Data);
        Assert.Empty(messages[1].Headers);
    }

    [Fact]
    public async Task One_member_of_a_queue_group_gets_each_message()
    {
        var (publisher, workers) = (await Fixture.ConnectAsync("p"), await Fixture.ConnectAsync("w"));
        const int Count = 300;
        var (all, seen) = (new TaskCompletionSource(), new System.Collections.Concurrent.ConcurrentBag<(int Worker, int Number)>());
        for (var w = 0; w < 3; w++)
        {
            var worker = w;
            await workers.OpenSubscriptionAsync<int>("jobs", (message, _) =>
            {
                seen.Add((worker, message.Data));
                if (seen.Count == Count) all.TrySetResult();
                return default;
            }, new SubscriptionOptions { Queue = "workers" });
        }

        await using var observer = await workers.OpenSubscriptionAsync<int>("jobs");
        for (var i = 0; i < Count; i++) await publisher.PublishAsync("jobs", i);

        await all.Task.Guard();
        Assert.Equal(Enumerable.Range(0, Count), await observer.TakeDataAsync(Count));
        Assert.Equal(Enumerable.Range(0, Count), seen.Select(s => s.Number).Order());
        Assert.All(seen.GroupBy(s => s.Worker), share => Assert.Equal(Count / 3, share.Count()));
    }

    [Fact]
    public async Task Messages_of_one_publisher_keep_their_order()
    {
        var (publisher, subscriber) = (await Fixture.ConnectAsync("p"), await Fixture.ConnectAsync("s"));
        await using var subscription = await subscriber.OpenSubscriptionAsync<int>("n.*");
        const int Count = 20_000;
        var other = Fixture.Sockets == 1 ? "n.b" : "n.a";

        var publishing = Task.Run(async () =>
        {
            for (var i = 0; i < Count; i++) await publisher.PublishAsync(i % 3 == 0 ? "n.a" : other, i);
        });

        Assert.Equal(Enumerable.Range(0, Count), await subscription.TakeDataAsync(Count));
        await publishing.Guard();
    }

    [Fact]
    public async Task A_slow_subscriber_slows_the_publisher_and_loses_nothing()
    {
        var (publisher, subscriber) = (await Fixture.ConnectAsync("p"), await Fixture.ConnectAsync("s"));
        var payload = new byte[32 * 1024];
        var (gate, seen, last) = (new TaskCompletionSource(), 0, new TaskCompletionSource());
        await using var slow = await subscriber.OpenSubscriptionAsync<byte[]>("big", async (message, _) =>
        {
            await gate.Task;
            if (message.Payload.Length == 1) last.SetResult();
            else seen++;
        }, new SubscriptionOptions { Capacity = 4 });

        var (published, waited) = (0, false);
        while (!waited && published < 10_000)
        {
            var publishing = publisher.PublishAsync("big", payload);
            published++;
            waited = !publishing.IsCompleted;
            if (waited) gate.SetResult();
            await publishing.AsTask().Guard();
        }

        await publisher.PublishAsync("big", new byte[1]);
        await last.Task.Guard();
        Assert.True(waited, "The publisher was never held up.");
        Assert.Equal(published, seen);
        Assert.Equal(0, slow.Dropped);
    }

    [Fact]
    public async Task Without_echo_a_participant_does_not_hear_itself()
    {
        var (silent, other) = (await Fixture.ConnectAsync("silent", echo: false), await Fixture.ConnectAsync("other"));
        await using var own = await silent.OpenSubscriptionAsync<string>("talk");
        await using var theirs = await other.OpenSubscriptionAsync<string>("talk");

        await silent.PublishAsync("talk", "mine");
        await silent.FlushAsync().Guard();
        await other.PublishAsync("talk", "theirs");

        Assert.Equal(["mine", "theirs"], await theirs.TakeDataAsync(2));
        Assert.Equal(["theirs"], await own.TakeDataAsync(1));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a..b")]
    [InlineData("a.*")]
    [InlineData("a b")]
    public async Task A_topic_that_is_not_valid_is_refused_with_its_name(string topic)
    {
        var bus = await Fixture.ConnectAsync();
        var error = await Assert.ThrowsAsync<ArgumentException>(async () => await bus.PublishAsync(topic, "x"));
        Assert.Contains(topic.Length == 0 ? "empty" : $"'{topic}'", error.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ArgumentException>(() => bus.RequestAsync<string, string>(topic, "x"));
    }

    [Fact]
    public async Task A_filter_that_is_not_valid_is_refused()
    {
        var bus = await Fixture.ConnectAsync();
        var error = await Assert.ThrowsAsync<ArgumentException>(() => bus.OpenSubscriptionAsync<string>("a.>.b"));
        Assert.Contains("token 2", error.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ArgumentException>(() => bus.OpenSubscriptionAsync<string>("a", new SubscriptionOptions { Queue = "two words" }));
    }

    [Fact]
    public async Task A_message_larger_than_the_limit_is_refused_before_it_is_sent()
    {
        var bus = await Fixture.ConnectAsync();
        var error = await Assert.ThrowsAsync<PayloadTooLargeException>(async () => await bus.PublishAsync("big", new byte[1024 * 1024 + 1]));
        Assert.Equal((1024 * 1024 + 1, 1024 * 1024), (error.Size, error.Limit));

        await using var subscription = await bus.OpenSubscriptionAsync<byte[]>("big");
        await bus.PublishAsync("big", new byte[1024 * 1024]);
        Assert.Equal(1024 * 1024, (await subscription.TakeDataAsync(1))[0].Length);
    }

    [Fact]
    public async Task A_payload_of_another_kind_is_named_when_it_is_read()
    {
        var bus = await Fixture.ConnectAsync();
        await using var subscription = await bus.OpenSubscriptionAsync<Order>("orders");
        await bus.PublishAsync("orders", "not json");
        var message = Assert.Single(await subscription.TakeAsync(1));
        var error = Assert.Throws<PayloadFormatException>(() => message.Data);
        Assert.Contains("not json", error.Message, StringComparison.Ordinal);
        Assert.Equal("orders", error.Topic);
    }
}
