using System.Text;
using Bus.Core.Buffers;
using Bus.Core.Routing;
using Bus.Tests.Core;
using Bus.Transport.Connections;
using Bus.Transport.Nats;

namespace Bus.Tests.Transport.Connections;

public sealed class KeepAliveTests
{
    [Fact]
    public void A_silent_peer_is_asked_and_then_stale()
    {
        var keepAlive = new KeepAlive(maxPingsOut: 2);
        Assert.Equal(KeepAliveAction.Ping, keepAlive.Tick(heard: false, listening: true));
        Assert.Equal(KeepAliveAction.Ping, keepAlive.Tick(heard: false, listening: true));
        Assert.Equal(KeepAliveAction.Close, keepAlive.Tick(heard: false, listening: true));
    }

    [Fact]
    public void A_peer_that_is_not_listened_to_is_told_that_we_live_and_never_stale()
    {
        var keepAlive = new KeepAlive(maxPingsOut: 2);
        for (var i = 0; i < 10; i++) Assert.Equal(KeepAliveAction.Ping, keepAlive.Tick(heard: false, listening: false));
        Assert.Equal(KeepAliveAction.None, keepAlive.Tick(heard: true, listening: true));
    }

    [Fact]
    public void A_client_that_has_spoken_once_has_spoken_however_often_it_is_looked_at()
    {
        var slabs = new SlabPool(poison: true);
        var session = new ClientSession(new RecordingRef(), new Router(), new ConnectionProducer(slabs, 1000), NatsRules.FromClient(4096, 1000), new OwedReplies());
        using var buffer = new ReadBuffer(slabs);
        Assert.False(session.HasSpoken);

        var hello = Encoding.ASCII.GetBytes("PONG\r\n");
        hello.CopyTo(buffer.Room(0));
        buffer.Received(hello.Length);
        session.Consume(buffer, out _);

        Assert.True(session.TakeHeard());
        Assert.False(session.TakeHeard());
        Assert.True(session.HasSpoken);
    }
}
