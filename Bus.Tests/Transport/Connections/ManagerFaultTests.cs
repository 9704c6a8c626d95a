using System.Net.Sockets;
using Bus.Core.Presence;
using Bus.Core.Supervision;
using Bus.Tests.Client;
using Bus.Transport.Channels;
using Bus.Transport.Connections;
using Bus.Transport.Endpoints;

namespace Bus.Tests.Transport.Connections;

public sealed class ManagerFaultTests
{
    [Fact]
    public async Task A_fault_of_the_connection_manager_ends_no_connection()
    {
        await using var bus = new TestBus();
        await bus.StartAsync();
        using var client = await bus.ConnectAsync();
        await client.FlushAsync("SUB a 1\r\n");

        bus.Connections.Tell(Kill.Instance, ActorRefs.NoSender);
        using var next = await bus.ConnectAsync();
        await next.FlushAsync("PUB a 1\r\nx\r\n");

        Assert.Equal("MSG a 1 1\r\nx\r\n", await client.FlushAsync());
        client.Dispose();
        next.Dispose();
        await bus.NothingLeftAsync();
    }

    [Fact]
    public async Task An_endpoint_that_cannot_accept_is_told_of_and_tries_again()
    {
        var problems = new ProblemRecorder();
        await using var bus = new TestBus { Observer = problems };
        await bus.StartAsync();
        await using var broken = new BrokenListener(bus.Tcp);
        var (listeners, options, environment) = (new IBusListener[] { broken }, new ConnectionOptions(), bus.Environment);
        var topics = await bus.Supervisor.Ask<IActorRef>(replyTo => new GetTopics(replyTo), Guarding.Limit, CancellationToken.None);
        var identity = new ServerIdentity("1", "test");
        var props = Props.Create(() => new ConnectionManager(listeners, options, topics, environment, identity));
        var manager = await bus.Supervisor.Ask<IActorRef>(replyTo => new StartPart(props, "broken", replyTo), Guarding.Limit, CancellationToken.None);

        var problem = await problems.NextAsync();

        Assert.Equal((ConnectionProblemKind.AcceptFailed, bus.Tcp.ToString(), null), (problem.Kind, problem.Endpoint, problem.Client));
        Assert.Equal(SocketError.TooManyOpenSockets, Assert.IsType<SocketException>(problem.Cause).SocketErrorCode);
        await broken.TriedAgain.Guard();
        await manager.GracefulStop(Guarding.Limit);
    }

    private sealed class BrokenListener(BusEndpoint endpoint) : IBusListener
    {
        private readonly TaskCompletionSource _triedAgain = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _tries;

        public BusEndpoint Endpoint => endpoint;

        public Task TriedAgain => _triedAgain.Task;

        public async ValueTask<BusChannel> AcceptAsync(CancellationToken cancellationToken)
        {
            if (_tries++ == 0) throw new SocketException((int)SocketError.TooManyOpenSockets);
            _triedAgain.TrySetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
            throw new InvalidOperationException("Never.");
        }

        public ValueTask DisposeAsync() => default;
    }
}
