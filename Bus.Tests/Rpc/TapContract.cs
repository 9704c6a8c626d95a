using Bus.Core.Client;
using Bus.Core.Rpc;
using Bus.Tests.Client;

namespace Bus.Tests.Rpc;

/// <summary>Who listens in sees everything and changes nothing.</summary>
public abstract class TapContract<TFixture> : BusContract<TFixture>
    where TFixture : BusFixture, new()
{
    [Fact]
    public async Task Requests_are_seen_with_their_answers_and_once_although_two_filters_match()
    {
        var (alice, bob) = (await Fixture.ConnectAsync("alice"), await Fixture.ConnectAsync("bob"));
        await using var service = await alice.RespondAsync<string, string>("maths.double", (request, _) => new($"twice {request}")).Guard();
        await using var seen = await ListenAsync(bob, ["maths.*", "maths.>"]);

        Assert.Equal("twice 4", await alice.RequestAsync<string, string>("maths.double", "4").Guard());

        var request = await NextAsync(seen);
        Assert.Equal(("maths.double", "4", true), (request.Message.Topic, Text(request), request.IsRequest));
        var answer = await NextAsync(seen);
        Assert.Equal(("twice 4", "4"), (Text(answer), System.Text.Encoding.UTF8.GetString(answer.Request!.Data.Span)));
        Assert.Null(answer.Error);
        Assert.NotNull(answer.Latency);
    }

    [Fact]
    public async Task What_reaches_nobody_else_reached_nobody()
    {
        var (alice, bob) = (await Fixture.ConnectAsync("alice"), await Fixture.ConnectAsync("bob"));
        await using var first = await ListenAsync(bob, [">"]);
        await using var second = await ListenAsync(alice, ["nobody.*"]);

        await Assert.ThrowsAsync<NoRespondersException>(() => alice.RequestAsync<string, string>("nobody.here", "hello").Guard());
        Assert.Equal(0, (await alice.PublishConfirmedAsync("nobody.here", "hello again").Guard()).Reached);
        await using var one = await bob.OpenSubscriptionAsync<string>("nobody.here", new SubscriptionOptions { Queue = "workers" }).Guard();
        Assert.Equal(1, (await alice.PublishConfirmedAsync("nobody.here", "hello at last").Guard()).Reached);

        foreach (var tap in new[] { first, second })
        {
            // Two filters, which have no common order: those of what is said, and of what is answered.
            var seen = new List<TappedMessage>();
            while (seen.Count < 4) seen.Add(await NextAsync(tap));
            Assert.Equal(["hello", "hello again", "hello at last"], seen.Where(tapped => tapped.Request is null).Select(Text));
            Assert.Equal(BusErrors.NoResponders, seen.Single(tapped => tapped.Request is not null).Error);
        }
    }

    [Fact]
    public async Task The_end_of_the_only_responder_is_told_at_once_all_the_same()
    {
        var (alice, bob) = (await Fixture.ConnectAsync("alice"), await Fixture.ConnectAsync("bob"));
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var service = await alice.RespondAsync<string, string>("slow", async (_, token) =>
        {
            asked.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token);
            return "never";
        }).Guard();
        await using var seen = await ListenAsync(bob, ["slow"]);
        var answer = bob.RequestAsync<string, string>("slow", "anybody?", TimeSpan.FromMinutes(10));
        await asked.Task.Guard();

        await alice.AbortAsync();

        await Assert.ThrowsAsync<ResponderLostException>(() => answer.Guard());
    }

    private static string Text(TappedMessage tapped) => System.Text.Encoding.UTF8.GetString(tapped.Message.Data.Span);

    private static async Task<TappedMessage> NextAsync(Listener listener)
    {
        Assert.True(await listener.Next.Guard());
        var seen = listener.Messages.Current;
        listener.Next = listener.Messages.MoveNextAsync().AsTask();
        return seen;
    }

    /// <summary>Listens from now on.</summary>
    private static async Task<Listener> ListenAsync(IBus bus, TopicFilters filters)
    {
        var messages = bus.TapAsync(filters).GetAsyncEnumerator();
        var listener = new Listener(messages) { Next = messages.MoveNextAsync().AsTask() };
        await bus.FlushAsync().Guard();
        return listener;
    }

    private sealed class Listener(IAsyncEnumerator<TappedMessage> messages) : IAsyncDisposable
    {
        public IAsyncEnumerator<TappedMessage> Messages => messages;

        public required Task<bool> Next { get; set; }

        // The bus closes first, which ends the wait for the next one.
        public ValueTask DisposeAsync() => default;
    }
}

public sealed class LocalTapTests : TapContract<LocalBusFixture>;

public sealed class UnixTapTests : TapContract<UnixBusFixture>;

public sealed class TcpTapTests : TapContract<TcpBusFixture>;

public sealed class PipeTapTests : TapContract<PipeBusFixture>;
