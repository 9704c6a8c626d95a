using Bus.Transport.Endpoints;

namespace Bus.Tests.Transport.Endpoints;

public sealed class TcpBusListenerTests
{
    [Theory]
    [InlineData("tcp://127.0.0.1:0")]
    [InlineData("tcp://localhost:0")]
    public async Task A_client_connects_to_the_port_that_was_chosen(string url)
    {
        await using var listener = ListenerFactory.Bind(BusEndpoint.Parse(url));
        Assert.NotEqual(0, listener.Endpoint.Port);
        await SocketPair.TalksAsync(listener, listener.Endpoint);
        await SocketPair.TalksAsync(listener, BusEndpoint.Parse($"tcp://127.0.0.1:{listener.Endpoint.Port}"));
    }

    [Fact]
    public async Task An_address_in_use_is_refused_and_its_server_goes_on()
    {
        await using var first = ListenerFactory.Bind(BusEndpoint.Parse("tcp://127.0.0.1:0"));
        var error = Assert.Throws<BusEndpointException>(() => ListenerFactory.Bind(first.Endpoint));
        Assert.Contains($"Cannot listen on {first.Endpoint}: the address is in use", error.Message, StringComparison.Ordinal);
        await SocketPair.TalksAsync(first, first.Endpoint);
    }

    [Fact]
    public async Task A_port_can_be_bound_again_after_its_server_closed_connections()
    {
        var first = ListenerFactory.Bind(BusEndpoint.Parse("tcp://127.0.0.1:0"));
        await SocketPair.TalksAsync(first, first.Endpoint);
        await first.DisposeAsync();
        await using var second = ListenerFactory.Bind(first.Endpoint);
        await SocketPair.TalksAsync(second, first.Endpoint);
    }

    [Theory]
    [InlineData("tcp://203.0.113.1:0", "this machine has no address '203.0.113.1'")]
    [InlineData("tcp://no-such-host.invalid:0", "the host name 'no-such-host.invalid' is not known")]
    public void What_cannot_be_bound_is_refused_with_the_reason(string url, string reason)
    {
        Assert.Contains(reason, Assert.Throws<BusEndpointException>(() => ListenerFactory.Bind(BusEndpoint.Parse(url))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Closing_ends_a_waiting_accept()
    {
        var listener = ListenerFactory.Bind(BusEndpoint.Parse("tcp://127.0.0.1:0"));
        var accepting = listener.AcceptAsync(CancellationToken.None).AsTask();
        await listener.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => accepting.WaitAsync(TimeSpan.FromSeconds(30)));
    }
}
