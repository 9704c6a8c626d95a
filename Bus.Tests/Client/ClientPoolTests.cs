using Bus.Core.Client;
using Bus.Tests.Transport.Connections;
using Bus.Transport.Client;
using Bus.Transport.Connections;
using Bus.Transport.Endpoints;

namespace Bus.Tests.Client;

/// <summary>A client with several sockets is one client, whose topics keep their order.</summary>
public sealed class ClientPoolTests : ClientPoolSuite
{
    [Fact]
    public async Task It_is_one_client_to_the_bus()
    {
        await using var bus = await ConnectAsync("pooled");
        await using var other = await ConnectAsync("other", connections: 1);
        var clients = await other.GetClientsAsync().Guard();
        Assert.Equal(2, clients.Count(client => client.Name is "pooled" or "other"));
        var statistics = await other.GetStatisticsAsync().Guard();
        Assert.Equal(5, statistics.Connections);
        Assert.Equal(statistics.Clients, clients.Count);
        Assert.Empty(other.GetSockets());
    }

    [Fact]
    public async Task Each_topic_keeps_its_order_and_all_sockets_have_work()
    {
        const int Count = 300;
        await using var bus = await ConnectAsync();
        await using var other = await ConnectAsync(connections: 1);
        await using var subscription = await other.OpenSubscriptionAsync<int>("t.*").Guard();

        for (var n = 0; n < Count; n++)
        {
            foreach (var topic in Topics)
            {
                // In whatever way it is published.
                if (n % 100 == 50) await bus.PublishConfirmedAsync(topic, n).Guard();
                else await bus.PublishAsync(topic, n);
            }
        }

        var got = await subscription.TakeAsync(Count * Topics.Length);
        foreach (var topic in Topics) Assert.Equal(Enumerable.Range(0, Count), got.Where(message => message.Topic == topic).Select(message => message.Data));
        await bus.FlushAsync().Guard();
        Assert.Equal(Count * Topics.Length, bus.GetSockets().Sum(socket => socket.Published));
        Assert.All(bus.GetSockets(), socket => Assert.True(socket is { State: BusState.Connected, Losses: 0, Published: > 0, PendingBytes: 0 }, $"{socket}"));
    }

    [Fact]
    public async Task Topics_are_shared_out_evenly()
    {
        await using var bus = await ConnectAsync();
        var shares = Enumerable.Range(0, 4000).CountBy(n => SocketOf(bus, $"orders.{n}.created"));
        Assert.All(shares, share => Assert.InRange(share.Value, 800, 1200));
    }

    [Fact]
    public async Task Without_echo_it_gets_nothing_of_its_own()
    {
        await using var bus = await ConnectAsync(echo: false);
        await using var other = await ConnectAsync(connections: 1);
        await using var mine = await bus.OpenSubscriptionAsync<int>("t.*").Guard();
        foreach (var topic in Topics) await bus.PublishAsync(topic, 1);
        await bus.FlushAsync().Guard();
        await other.PublishAsync("t.x", 2);
        Assert.Equal([2], await mine.TakeDataAsync(1));
    }

    [Fact]
    public async Task Closing_sends_what_was_published()
    {
        await using var other = await ConnectAsync(connections: 1);
        await using var subscription = await other.OpenSubscriptionAsync<int>("t.*").Guard();
        var bus = await ConnectAsync();
        for (var n = 0; n < 100; n++)
        {
            foreach (var topic in Topics) await bus.PublishAsync(topic, n);
        }

        await bus.DisposeAsync().AsTask().Guard();
        Assert.Equal(100 * Topics.Length, (await subscription.TakeAsync(100 * Topics.Length)).Count);
        foreach (var topic in Topics) await Assert.ThrowsAsync<BusClosedException>(async () => await bus.PublishAsync(topic, 1));
    }

    [Fact]
    public async Task One_that_connects_with_its_first_use_does_so_whatever_socket_that_is_for()
    {
        await using var other = await ConnectAsync(connections: 1);
        await using var subscription = await other.OpenSubscriptionAsync<int>("t.*").Guard();
        await using var bus = BusClient.Open(Url, Options() with { ConnectOnUse = true });
        var topic = Topics.First(topic => !topic.EndsWith('0') && SocketOf(bus, topic) > 0);
        await bus.PublishAsync(topic, 1);
        Assert.Equal([1], await subscription.TakeDataAsync(1));
    }

    [Fact]
    public async Task A_bus_without_room_for_all_of_them_is_no_bus_for_it()
    {
        await StopAsync();
        await StartAsync(new ConnectionOptions { MaxConnections = 3 });
        var error = await Assert.ThrowsAsync<BusConnectException>(() => BusClient.ConnectAsync(Url, Options() with { ConnectTimeout = TimeSpan.FromMilliseconds(300) }).Guard());
        Assert.Contains("0.3 s", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_else_publishes_in_its_name()
    {
        await using var bus = await ConnectAsync("pooled");
        var id = (await bus.GetClientsAsync().Guard()).Single(client => client.Name == "pooled").Id;
        using var impostor = await RawClient.ConnectAsync(BusEndpoint.Parse(Url), "");
        await impostor.SendAsync($$$"""CONNECT {"name":"pooled","bus":{"id":"{{{id}}}","unique":true,"lane":1,"key":"{{{id}}}"}}""" + "\r\n");
        Assert.Contains("-ERR 'No Such Client: pooled'", await impostor.ReadToEndAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_socket_that_a_client_leaves_behind_is_closed()
    {
        const string Client = """CONNECT {"name":"left","bus":{"id":"i","unique":true,"key":"k"}}""";
        await StopAsync();
        await StartAsync(new ConnectionOptions { ConnectTimeout = TimeSpan.FromMilliseconds(200) });
        var client = await RawClient.ConnectAsync(BusEndpoint.Parse(Url), Client);
        using var socket = await RawClient.ConnectAsync(BusEndpoint.Parse(Url), Client.Replace("\"key\"", "\"lane\":1,\"key\"", StringComparison.Ordinal));
        client.Dispose();
        Assert.Equal("", await socket.ReadToEndAsync());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(65)]
    public void A_number_that_makes_no_sense_is_refused(int connections) => Assert.Throws<ArgumentOutOfRangeException>(() => new BusClientOptions { Connections = connections }.Validate());
}
