using Bus.Core.Client;

namespace Bus.Tests.Client;

public abstract class SubscriptionContract<TFixture> : BusContract<TFixture>
    where TFixture : BusFixture, new()
{
    [Fact]
    public async Task Several_filters_make_one_subscription()
    {
        var bus = await Fixture.ConnectAsync();
        await using var subscription = await bus.OpenSubscriptionAsync<string>(["a.*", "b.>"]);
        await bus.PublishAsync("a.1", "one");
        await bus.FlushAsync().Guard();
        await bus.PublishAsync("b.1.2", "two");
        await bus.PublishAsync("c", "three");
        Assert.Equal(["one", "two"], await subscription.TakeDataAsync(2));
        Assert.Equal(["a.*", "b.>"], subscription.Filters);
    }

    [Fact]
    public async Task The_lazy_form_subscribes_with_the_loop_and_unsubscribes_behind_it()
    {
        var bus = await Fixture.ConnectAsync();
        var first = new TaskCompletionSource();
        await bus.RespondAsync<string, string>("trigger", (_, _, _) => new("go"));
        var reading = Task.Run(async () =>
        {
            var seen = new List<string>();
            await foreach (var message in bus.SubscribeAsync<string>("lazy"))
            {
                first.TrySetResult();
                if (message.Data != "ping") seen.Add(message.Data);
                if (seen.Count == 2) break;
            }

            return seen;
        });
        while (!first.Task.IsCompleted)
        {
            await bus.PublishAsync("lazy", "ping");
            await bus.FlushAsync().Guard();
        }

        await bus.PublishAsync("lazy", "1");
        await bus.PublishAsync("lazy", "2");
        Assert.Equal(["1", "2"], await reading.Guard());
        await bus.FlushAsync().Guard();
        await Assert.ThrowsAsync<NoRespondersException>(() => bus.RequestAsync<string, string>("lazy", "?").Guard());
    }

    [Fact]
    public async Task An_enumeration_ends_with_its_token()
    {
        var bus = await Fixture.ConnectAsync();
        using var cancel = new CancellationTokenSource();
        var reading = Task.Run(async () =>
        {
            await foreach (var _ in bus.SubscribeAsync<string>("never", cancel.Token)) Assert.Fail("Nothing was published.");
        });
        await bus.FlushAsync().Guard();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading.Guard());
    }

    [Fact]
    public async Task It_ends_by_itself_after_its_maximum()
    {
        var bus = await Fixture.ConnectAsync();
        await using var subscription = await bus.OpenSubscriptionAsync<int>("n", new SubscriptionOptions { MaxMessages = 3 });
        for (var i = 0; i < 10; i++) await bus.PublishAsync("n", i);
        var seen = new List<int>();
        await foreach (var message in subscription) seen.Add(message.Data);
        Assert.Equal([0, 1, 2], seen);
        await subscription.Completion.Guard();
        Assert.Equal(3, subscription.Delivered);
    }

    [Fact]
    public async Task After_unsubscribing_nothing_arrives()
    {
        var bus = await Fixture.ConnectAsync();
        var seen = 0;
        var subscription = await bus.OpenSubscriptionAsync<int>("n", (_, _) =>
        {
            Interlocked.Increment(ref seen);
            return default;
        });
        await bus.PublishAsync("n", 1);
        await bus.FlushAsync().Guard();
        await subscription.UnsubscribeAsync().Guard();
        var before = Volatile.Read(ref seen);
        await bus.PublishAsync("n", 2);
        await bus.FlushAsync().Guard();
        Assert.Equal(before, Volatile.Read(ref seen));
        await Assert.ThrowsAsync<NoRespondersException>(() => bus.RequestAsync<int, int>("n", 3).Guard());
        await subscription.DisposeAsync().AsTask().Guard();
    }

    [Fact]
    public async Task Draining_handles_what_has_arrived_and_then_ends()
    {
        var bus = await Fixture.ConnectAsync();
        var (release, seen) = (new TaskCompletionSource(), new List<int>());
        var subscription = await bus.OpenSubscriptionAsync<int>("n", async (message, _) =>
        {
            await release.Task;
            seen.Add(message.Data);
        });
        for (var i = 0; i < 100; i++) await bus.PublishAsync("n", i);
        await bus.FlushAsync().Guard();
        var draining = subscription.DrainAsync();
        Assert.False(draining.IsCompleted);
        release.SetResult();
        await draining.Guard();
        Assert.Equal(Enumerable.Range(0, 100), seen);
        Assert.Equal((100, 0), (subscription.Delivered, subscription.Dropped));
    }

    [Fact]
    public async Task A_handler_that_throws_gets_the_next_message()
    {
        var bus = await Fixture.ConnectAsync();
        foreach (var policy in new[] { FailurePolicy.Restart, FailurePolicy.Resume })
        {
            var (seen, done) = (new List<int>(), new TaskCompletionSource());
            await using var subscription = await bus.OpenSubscriptionAsync<int>("n", async (message, _) =>
            {
                if (message.Data % 2 == 0) await Task.Yield();
                if (message.Data % 3 == 0) throw new InvalidOperationException("a bug");
                seen.Add(message.Data);
                if (message.Data == 8) done.SetResult();
            }, new SubscriptionOptions { OnFailure = policy });
            for (var i = 0; i < 9; i++) await bus.PublishAsync("n", i);
            await done.Task.Guard();
            Assert.Equal([1, 2, 4, 5, 7, 8], seen);
        }
    }

    [Fact]
    public async Task A_handler_that_fails_too_often_ends_its_subscription()
    {
        var bus = await Fixture.ConnectAsync();
        var subscription = await bus.OpenSubscriptionAsync<int>("n", (message, _) => throw new InvalidOperationException($"bug {message.Data}"), new SubscriptionOptions
        {
            OnFailure = FailurePolicy.RestartAtMost(2, TimeSpan.FromHours(1)),
        });
        for (var i = 0; i < 9; i++) await bus.PublishAsync("n", i);
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => subscription.Completion.Guard());
        Assert.Equal("bug 2", error.Message);
        await bus.FlushAsync().Guard();
        await Assert.ThrowsAsync<NoRespondersException>(() => bus.RequestAsync<int, int>("n", 3).Guard());
    }

    [Fact]
    public async Task A_policy_of_stop_ends_only_its_own_subscription()
    {
        var bus = await Fixture.ConnectAsync();
        var failing = await bus.OpenSubscriptionAsync<int>("n", (_, _) => throw new InvalidOperationException("a bug"), new SubscriptionOptions { OnFailure = FailurePolicy.Stop });
        await using var other = await bus.OpenSubscriptionAsync<int>("n");
        await bus.PublishAsync("n", 1);
        await Assert.ThrowsAsync<InvalidOperationException>(() => failing.Completion.Guard());
        await bus.PublishAsync("n", 2);
        Assert.Equal([1, 2], await other.TakeDataAsync(2));
    }

    [Fact]
    public async Task A_policy_of_escalate_ends_every_subscription_and_the_bus_goes_on()
    {
        var (bus, bystander) = (await Fixture.ConnectAsync("e"), await Fixture.ConnectAsync("b"));
        var failing = await bus.OpenSubscriptionAsync<int>("n", (_, _) => throw new InvalidOperationException("a bug"), new SubscriptionOptions { OnFailure = FailurePolicy.Escalate });
        var other = await bus.OpenSubscriptionAsync<int>("other");
        await using var untouched = await bystander.OpenSubscriptionAsync<int>("other");
        await bystander.PublishAsync("n", 1);
        await Assert.ThrowsAsync<InvalidOperationException>(() => failing.Completion.Guard());
        await Assert.ThrowsAsync<InvalidOperationException>(() => other.Completion.Guard());

        await using var anew = await bus.OpenSubscriptionAsync<int>("other").Guard();
        await bus.PublishAsync("other", 2);
        Assert.Equal([2], await anew.TakeDataAsync(1));
        Assert.Equal([2], await untouched.TakeDataAsync(1));
    }

    [Fact]
    public async Task A_handler_may_publish_request_and_unsubscribe()
    {
        var bus = await Fixture.ConnectAsync();
        var done = new TaskCompletionSource<string>();
        await bus.RespondAsync<string, string>("ask", (text, _, _) => new(text + "!"));
        ISubscription subscription = null!;
        subscription = await bus.OpenSubscriptionAsync<string>("start", async (message, token) =>
        {
            var answer = await bus.RequestAsync<string, string>("ask", message.Data, cancellationToken: token);
            await subscription.UnsubscribeAsync(token);
            await bus.PublishAsync("end", answer, cancellationToken: CancellationToken.None);
        });
        await bus.OpenSubscriptionAsync<string>("end", (message, _) =>
        {
            done.SetResult(message.Data);
            return default;
        });
        await bus.PublishAsync("start", "hello");
        Assert.Equal("hello!", await done.Task.Guard());
        await subscription.Completion.Guard();
    }

    [Fact]
    public async Task A_pipeline_over_one_bus_never_waits_for_itself()
    {
        var bus = await Fixture.ConnectAsync();
        // More than the windows of the client hold, and less than the broker keeps for one that is sent its own messages.
        const int Count = 800;
        var payload = new byte[8 * 1024];
        var seen = 0;
        var done = new TaskCompletionSource();
        // On a machine that is busy with other tests a handler may get no turn for seconds: that is not what this is about.
        var options = new SubscriptionOptions { Capacity = 8, StallTimeout = TimeSpan.FromMinutes(1) };
        var second = await bus.OpenSubscriptionAsync<byte[]>("stage.2", (_, _) =>
        {
            if (++seen == Count) done.SetResult();
            return default;
        }, options);
        var first = await bus.OpenSubscriptionAsync<byte[]>("stage.1", (message, token) => bus.PublishAsync("stage.2", message.Data, cancellationToken: token), options);
        for (var i = 0; i < Count; i++) await bus.PublishAsync("stage.1", payload).AsTask().Guard();
        try
        {
            await done.Task.Guard();
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException($"{seen} of {Count} arrived; first stage: {first.Delivered} delivered, {first.Pending} pending, {first.Dropped} dropped; second: {second.Delivered}, {second.Pending}, {second.Dropped}.", e);
        }
    }

    [Fact]
    public async Task When_a_flush_is_through_every_subscription_made_before_it_is_active()
    {
        var (bus, other) = (await Fixture.ConnectAsync(), await Fixture.ConnectAsync());
        for (var i = 0; i < 50; i++)
        {
            TopicFilters filters = [$"new.{i}", $"newer.{i}", $"newest.{i}"];
            var opening = bus.OpenSubscriptionAsync<int>(filters);
            await bus.FlushAsync().Guard();
            foreach (var topic in filters) Assert.Equal(1, (await other.PublishConfirmedAsync(topic, i).Guard()).Reached);
            await using var subscription = await opening.Guard();
        }
    }

    [Fact]
    public async Task It_ends_even_if_what_the_handler_registered_for_the_end_throws()
    {
        var bus = await Fixture.ConnectAsync();
        var registered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var subscription = await bus.OpenSubscriptionAsync<int>("n", (_, token) =>
        {
            token.Register(() => throw new InvalidOperationException("This callback is broken."));
            registered.TrySetResult();
            return default;
        });
        await bus.PublishAsync("n", 1);
        await registered.Task.Guard();

        await subscription.DrainAsync().Guard();
    }

    [Fact]
    public async Task A_queue_member_with_a_maximum_leaves_the_rest_to_the_others()
    {
        var bus = await Fixture.ConnectAsync();
        await using var limited = await bus.OpenSubscriptionAsync<int>("n", new SubscriptionOptions { Queue = "workers", MaxMessages = 1 }).Guard();
        await using var other = await bus.OpenSubscriptionAsync<int>("n", new SubscriptionOptions { Queue = "workers" }).Guard();

        for (var i = 0; i < 20; i++) await bus.PublishAsync("n", i);

        var taken = await other.TakeDataAsync(19);
        Assert.Equal(Enumerable.Range(0, 20), taken.Concat(await limited.TakeDataAsync(1)).Order());
    }
}
