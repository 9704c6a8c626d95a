using Bus.Core;
using Bus.Core.Client;

namespace Bus.Tests.Client;

/// <summary>Names, and who is here.</summary>
public abstract class ParticipantContract<TFixture> : BusContract<TFixture>
    where TFixture : BusFixture, new()
{
    [Fact]
    public async Task Everybody_who_is_here_is_listed_with_what_is_known()
    {
        var before = TimeProvider.System.GetUtcNow();
        var (bus, other) = (await Fixture.ConnectAsync("orders"), await Fixture.ConnectAsync());

        var clients = await bus.GetClientsAsync().Guard();

        var orders = Assert.Single(clients, c => c.Name == "orders");
        Assert.Equal(Environment.ProcessId, orders.Pid);
        Assert.InRange(orders.Since, before, TimeProvider.System.GetUtcNow());
        Assert.NotEmpty(orders.Program!);
        var generated = Assert.Single(clients, c => c.Name == other.Name);
        Assert.Contains($"-{Environment.ProcessId}-", generated.Name, StringComparison.Ordinal);
        Assert.NotEqual(orders.Id, generated.Id);
    }

    [Fact]
    public async Task A_name_can_be_had_by_one_at_a_time()
    {
        var first = await Fixture.ConnectAsync("orders");

        var refused = await Assert.ThrowsAsync<BusConnectException>(() => Fixture.ConnectAsync("orders"));
        Assert.Contains("The name 'orders' is taken", refused.Message, StringComparison.Ordinal);
        Assert.Contains($"process {Environment.ProcessId}", refused.Message, StringComparison.Ordinal);
        Assert.Equal(BusState.Connected, first.State);
        await first.DisposeAsync().AsTask().Guard();

        Assert.Equal("orders", (await Fixture.ConnectAsync("orders")).Name);
    }

    [Fact]
    public async Task A_name_can_be_taken_over_and_the_one_who_had_it_is_closed_for_good()
    {
        var first = await Fixture.ConnectAsync("orders");
        await using var subscription = await first.OpenSubscriptionAsync<string>("a");
        var closed = new TaskCompletionSource<BusStateChangedEventArgs>(TaskCreationOptions.RunContinuationsAsynchronously);
        first.StateChanged += (_, change) =>
        {
            if (change.Current == BusState.Closed) closed.TrySetResult(change);
        };

        var second = await Fixture.TakeOverAsync("orders");

        var reason = Assert.IsType<BusRefusedException>((await closed.Task.Guard()).Reason);
        Assert.Contains("has its name now", reason.Message, StringComparison.Ordinal);
        await Assert.ThrowsAnyAsync<BusException>(() => subscription.Completion.Guard());
        await Assert.ThrowsAsync<BusClosedException>(async () => await first.PublishAsync("a", "too late"));
        Assert.Single(await second.GetClientsAsync().Guard(), c => c.Name == "orders");
    }

    [Theory]
    [InlineData("two.tokens")]
    [InlineData("a blank")]
    [InlineData("star*")]
    [InlineData("a,b")]
    [InlineData("")]
    public async Task What_cannot_be_a_token_of_a_topic_cannot_be_a_name(string name) =>
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Fixture.ConnectAsync(name));

    [Fact]
    public async Task One_of_them_can_be_asked_for_by_name()
    {
        var bus = await Fixture.ConnectAsync("orders");

        var one = await bus.RequestAsync<string, string>("$BUS.CLIENTS.orders", "").Guard();
        Assert.Contains("\"name\":\"orders\"", one, StringComparison.Ordinal);
        var absent = await Assert.ThrowsAsync<RemoteErrorException>(() => bus.RequestAsync<string, string>("$BUS.CLIENTS.nobody", "").Guard());
        Assert.Equal((404, "client-absent"), (absent.Code, absent.Error));
    }

    [Fact]
    public async Task Its_own_inbox_is_for_the_one_who_has_the_name_only()
    {
        var (bus, other) = (await Fixture.ConnectAsync("orders"), await Fixture.ConnectAsync());
        await Assert.ThrowsAsync<ArgumentException>(() => other.OpenSubscriptionAsync<string>("$BUS.TO.orders"));
        await using var inbox = await bus.OpenSubscriptionAsync<string>([SystemTopics.InboxOf("orders"), "$BUS.TO.orders.>"]);

        await other.PublishAsync("$BUS.TO.orders", "hello");

        Assert.Equal(["hello"], await inbox.TakeDataAsync(1));
    }
}

public sealed class LocalParticipantTests : ParticipantContract<LocalBusFixture>;

public sealed class UnixParticipantTests : ParticipantContract<UnixBusFixture>;

public sealed class TcpParticipantTests : ParticipantContract<TcpBusFixture>;
