using System.Collections.Concurrent;
using Bus.Core.Client;
using Bus.Core.Messages;

namespace Bus.Tests.Client;

/// <summary>Messages that are confirmed when they have been handled: by one client, or by any of a group.</summary>
public abstract class DeliveryContract<TFixture> : BusContract<TFixture>
    where TFixture : BusFixture, new()
{
    private static readonly DeliverOptions Forever = new() { Timeout = TimeSpan.FromHours(1) };

    [Fact]
    public async Task A_delivery_completes_when_its_handler_has_done_its_work()
    {
        var (sender, receiver) = (await Fixture.ConnectAsync("sender"), await Fixture.ConnectAsync("receiver"));
        var (begun, release, done) = (Signal(), Signal(), false);
        await using var inbox = await receiver.OpenInboxAsync<Order>(async (message, _) =>
        {
            Assert.Equal(("sender", "high", "$BUS.TO.receiver.orders.new"), (message.SenderName(), message.Headers["Priority"], message.Topic));
            begun.SetResult();
            await release.Task;
            done = message.Data == new Order(1, "a");
        });

        var delivery = sender.DeliverAsync("receiver", new Order(1, "a"), Forever with { Topic = "orders.new", Headers = new BusHeaders { ["Priority"] = "high" } });
        await begun.Task.Guard();
        Assert.False(delivery.IsCompleted);
        release.SetResult();
        await delivery.Guard();

        Assert.True(done);
    }

    [Fact]
    public async Task The_result_of_the_handler_comes_back()
    {
        var (sender, receiver) = (await Fixture.ConnectAsync("sender"), await Fixture.ConnectAsync("receiver"));
        var numbers = new List<int>();
        await using var inbox = await receiver.OpenInboxAsync<int, string>((message, _) =>
        {
            numbers.Add(message.Data);
            return new($"{message.Data}!");
        });

        var results = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => sender.DeliverAsync<int, string>("receiver", i, Forever))).Guard();
        await sender.SendAsync("receiver", 200).Guard();
        await sender.DeliverAsync("receiver", 201, Forever).Guard();

        Assert.Equal(Enumerable.Range(0, 200).Select(i => $"{i}!"), results);
        Assert.Equal(Enumerable.Range(0, 202), numbers);
    }

    [Fact]
    public async Task A_handler_without_a_result_may_answer_by_hand_and_answers_once()
    {
        var (sender, receiver) = (await Fixture.ConnectAsync("sender"), await Fixture.ConnectAsync("receiver"));
        await using var inbox = await receiver.OpenInboxAsync<string>((message, token) => message.Data == "quiet" ? default : message.ReplyAsync(message.Data + "!", cancellationToken: token));
        await using var answers = await sender.OpenSubscriptionAsync<string>("answers");

        Assert.Equal("hello!", await sender.DeliverAsync<string, string>("receiver", "hello", Forever).Guard());
        await sender.DeliverAsync("receiver", "quiet", Forever).Guard();
        foreach (var text in new[] { "a", "quiet", "b" }) await sender.PublishAsync("$BUS.DELIVER.receiver", text, new PublishOptions { ReplyTo = "answers" });

        Assert.Equal(["a!", "", "b!"], await answers.TakeDataAsync(3));
    }

    [Fact]
    public async Task Whoever_enumerates_its_inbox_confirms_by_hand()
    {
        var (sender, receiver) = (await Fixture.ConnectAsync("sender"), await Fixture.ConnectAsync("receiver"));
        await using var inbox = await receiver.OpenInboxAsync<string>();
        await sender.SendAsync("receiver", "sent").Guard();
        var delivery = sender.DeliverAsync("receiver", "delivered", Forever);

        var messages = await inbox.TakeAsync(2);
        Assert.Equal([("sent", false), ("delivered", true)], messages.Select(m => (m.Data, m.WantsConfirmation)));
        foreach (var message in messages) await message.ConfirmAsync();

        await delivery.Guard();
    }

    [Fact]
    public async Task A_handler_that_fails_fails_the_delivery_and_goes_on()
    {
        var (sender, receiver) = (await Fixture.ConnectAsync("sender"), await Fixture.ConnectAsync("receiver"));
        var full = new SubscriptionOptions { ErrorDetail = ErrorDetail.Full };
        await using var inbox = await receiver.OpenInboxAsync<string>((message, _) => message.Data == "bad" ? throw new InvalidOperationException("the disk is full") : default, full);
        await using var group = await receiver.OpenSubscriptionAsync<string>("work", (message, _) => message.Data == "bad" ? throw new RemoteErrorException("no", 409, "conflict", "more") : default, new SubscriptionOptions { Queue = "q" });

        var failed = await Assert.ThrowsAsync<RemoteErrorException>(() => sender.DeliverAsync("receiver", "bad", Forever).Guard());
        Assert.Equal(("the disk is full", 500, "handler-failed"), (failed.Text, failed.Code, failed.Error));
        Assert.Contains("DeliveryContract", failed.Detail, StringComparison.Ordinal);
        var chosen = await Assert.ThrowsAsync<RemoteErrorException>(() => sender.DeliverToAnyAsync("work", "bad", Forever).Guard());
        Assert.Equal(("no", 409, "conflict", "more"), (chosen.Text, chosen.Code, chosen.Error, chosen.Detail));

        await sender.DeliverAsync("receiver", "good", Forever).Guard();
        await sender.DeliverToAnyAsync("work", "good", Forever).Guard();
    }

    [Fact]
    public async Task A_result_that_cannot_be_sent_fails_the_delivery()
    {
        var (sender, receiver) = (await Fixture.ConnectAsync("sender"), await Fixture.ConnectAsync("receiver"));
        await using var inbox = await receiver.OpenInboxAsync<string, byte[]>((_, _) => new(new byte[receiver.MaxPayload + 1]));

        var error = await Assert.ThrowsAsync<RemoteErrorException>(() => sender.DeliverAsync<string, byte[]>("receiver", "?", Forever).Guard());

        Assert.Equal("payload-too-large", error.Error);
    }

    [Fact]
    public async Task Who_is_not_there_is_told_at_once()
    {
        var (sender, silent) = (await Fixture.ConnectAsync("sender"), await Fixture.ConnectAsync("silent"));

        var absent = await Assert.ThrowsAsync<ClientAbsentException>(() => sender.DeliverAsync("nobody", "hi", Forever).Guard());
        Assert.Equal(("nobody", false), (absent.Name, absent.IsConnected));
        Assert.True((await Assert.ThrowsAsync<ClientAbsentException>(() => sender.DeliverAsync("silent", "hi", Forever with { SafeToRetry = true }).Guard())).IsConnected);
        await Assert.ThrowsAsync<NoRespondersException>(() => sender.DeliverToAnyAsync("nobody", "hi", Forever).Guard());
        await Assert.ThrowsAsync<ArgumentException>(() => sender.DeliverAsync("no.name", "hi"));
        await Assert.ThrowsAsync<ArgumentException>(() => sender.DeliverToAnyAsync("a", "hi", Forever with { Topic = "b" }));
        Assert.Equal(BusState.Connected, silent.State);
    }

    [Fact]
    public async Task A_receiver_that_leaves_before_it_confirms_ends_the_delivery_at_once()
    {
        var (sender, receiver) = (await Fixture.ConnectAsync("sender"), await Fixture.ConnectAsync("receiver"));
        await using var inbox = await receiver.OpenInboxAsync<string>();
        await using var group = await receiver.OpenSubscriptionAsync<string>("work", new SubscriptionOptions { Queue = "q" });
        var deliveries = new[] { sender.DeliverAsync("receiver", "hi", Forever), sender.DeliverToAnyAsync("work", "hi", Forever) };
        await inbox.TakeAsync(1);
        await group.TakeAsync(1);

        await receiver.DisposeAsync().AsTask().Guard();

        foreach (var delivery in deliveries) Assert.IsType<ResponderLostException>((await Assert.ThrowsAsync<ConnectionLostException>(() => delivery.Guard())).InnerException);
    }

    [Fact]
    public async Task What_is_safe_to_send_again_goes_to_the_successor_of_a_receiver_that_left()
    {
        var (sender, receiver) = (await Fixture.ConnectAsync("sender"), await Fixture.ConnectAsync("worker"));
        await using var inbox = await receiver.OpenInboxAsync<int>();
        await using var group = await receiver.OpenSubscriptionAsync<int>("work", new SubscriptionOptions { Queue = "q" });
        var safe = Forever with { SafeToRetry = true };
        var byName = sender.DeliverAsync<int, int>("worker", 1, safe);
        var toAny = sender.DeliverToAnyAsync<int, int>("work", 2, safe);
        await inbox.TakeAsync(1);
        await group.TakeAsync(1);

        await receiver.DisposeAsync().AsTask().Guard();
        var successor = await Fixture.ConnectAsync("worker");
        await using var handler = await successor.OpenInboxAsync<int, int>((message, _) => new(10 * message.Data)).Guard();
        await using var member = await successor.RespondAsync<int, int>("work", (n, _) => new(10 * n)).Guard();

        Assert.Equal((10, 20), (await byName.Guard(), await toAny.Guard()));
    }

    [Fact]
    public async Task What_is_safe_to_send_again_ends_with_its_timeout_when_there_is_no_successor()
    {
        var (sender, receiver) = (await Fixture.ConnectAsync("sender"), await Fixture.ConnectAsync("worker"));
        await using var inbox = await receiver.OpenInboxAsync<int>();
        var delivery = sender.DeliverAsync("worker", 1, Forever with { SafeToRetry = true, Timeout = TimeSpan.FromSeconds(1) });
        await inbox.TakeAsync(1);

        await receiver.DisposeAsync().AsTask().Guard();

        await Assert.ThrowsAsync<ConnectionLostException>(() => delivery.Guard());
    }

    [Fact]
    public async Task A_handler_that_is_not_done_in_time_ends_the_delivery()
    {
        var (sender, receiver) = (await Fixture.ConnectAsync("sender"), await Fixture.ConnectAsync("receiver"));
        await using var inbox = await receiver.OpenInboxAsync<string>(async (_, token) => await new TaskCompletionSource().Task.WaitAsync(token));

        await Assert.ThrowsAsync<RequestTimeoutException>(() => sender.DeliverAsync("receiver", "hi", Forever with { Timeout = TimeSpan.FromMilliseconds(50) }).Guard());
        using var cancellation = new CancellationTokenSource();
        var delivery = sender.DeliverAsync("receiver", "hi", Forever, cancellation.Token);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => delivery.Guard());
    }

    [Fact]
    public async Task One_of_a_group_handles_it_and_who_looks_on_does_not_confirm()
    {
        var sender = await Fixture.ConnectAsync("sender");
        var handled = new ConcurrentQueue<int>();
        for (var i = 0; i < 3; i++)
        {
            var member = await Fixture.ConnectAsync();
            await member.OpenSubscriptionAsync<int>(
                "work.*",
                async (message, _) =>
                {
                    await Task.Yield();
                    handled.Enqueue(message.Data);
                },
                new SubscriptionOptions { Queue = "workers" }).Guard();
        }

        var (spectator, seen, all) = (await Fixture.ConnectAsync(), new List<int>(), Signal());
        await spectator.OpenSubscriptionAsync<int>("work.>", (message, _) =>
        {
            seen.Add(message.Data);
            if (seen.Count == 100) all.SetResult();
            return default;
        }).Guard();

        await Task.WhenAll(Enumerable.Range(0, 100).Select(async i =>
        {
            await sender.DeliverToAnyAsync("work.new", i, Forever);
            Assert.Contains(i, handled);
        })).Guard();
        await all.Task.Guard();

        Assert.Equal(Enumerable.Range(0, 100), handled.Order());
        Assert.Equal(Enumerable.Range(0, 100), seen.Order());
        await sender.RespondAsync<int, int>("double", (n, _) => new(2 * n)).Guard();
        Assert.Equal(42, await sender.DeliverToAnyAsync<int, int>("double", 21, Forever).Guard());
    }

    [Fact]
    public async Task What_comes_twice_with_one_id_is_handled_once()
    {
        var (sender, receiver, other) = (await Fixture.ConnectAsync("sender"), await Fixture.ConnectAsync("receiver"), await Fixture.ConnectAsync("other"));
        var handled = 0;
        await using var withResult = await receiver.OpenInboxAsync<string, int>((_, _) => new(++handled));
        await using var without = await other.OpenInboxAsync<string>((_, _) => ++handled > 0 ? default : throw new InvalidOperationException("never"));
        await using var failing = await other.OpenSubscriptionAsync<string>("work", (_, _) => throw new RemoteErrorException($"no {++handled}"), new SubscriptionOptions { Queue = "q" });
        var same = Forever with { SafeToRetry = true, Headers = new BusHeaders { ["Nats-Msg-Id"] = "7" } };

        for (var i = 0; i < 2; i++)
        {
            Assert.Equal(1, await sender.DeliverAsync<string, int>("receiver", "hi", same).Guard());
            await sender.DeliverAsync("other", "hi", same).Guard();
            Assert.Equal("no 3", (await Assert.ThrowsAsync<RemoteErrorException>(() => sender.DeliverToAnyAsync("work", "hi", same).Guard())).Text);
        }

        Assert.Equal(3, handled);
        // Each call has an id of its own.
        await sender.DeliverAsync("other", "hi", Forever with { SafeToRetry = true }).Guard();
        await sender.DeliverAsync("other", "hi", Forever with { SafeToRetry = true }).Guard();
        Assert.Equal(5, handled);
    }

    private static TaskCompletionSource Signal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

public sealed class LocalDeliveryTests : DeliveryContract<LocalBusFixture>;

public sealed class UnixDeliveryTests : DeliveryContract<UnixBusFixture>;

public sealed class TcpDeliveryTests : DeliveryContract<TcpBusFixture>;

public sealed class PipeDeliveryTests : DeliveryContract<PipeBusFixture>;
