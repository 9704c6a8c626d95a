using Bus.Core.Messages;
using Bus.Core.Routing;
using Bus.Core.Supervision;
using Bus.Core.Topics;
using Bus.Tests.Client;
using Bus.Tests.Core;
using Bus.Transport.Connections;
using Bus.Transport.Endpoints;

namespace Bus.Tests.Transport.Connections;

/// <summary>The bus stops while a message is on its way between two of its connections.</summary>
public sealed class IntakeTests : IRegistrationWaiter, IDisposable
{
    private readonly TaskCompletionSource _registered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _held = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ManualResetEventSlim _release = new();

    [Theory]
    [InlineData(BusScheme.Unix)]
    [InlineData(BusScheme.Tcp)]
    public async Task Nobody_closes_before_all_that_was_heard_has_been_passed_on(BusScheme over)
    {
        await using var bus = new TestBus { Over = over, Options = new ConnectionOptions { IntakeGrace = Guarding.Limit } };
        await bus.StartAsync();
        // Told before the other one: while it does not return, the message is with the topic and with nobody else.
        var holder = new RecordingRef { OnTell = Hold };
        var topics = await bus.Supervisor.Ask<IActorRef>(replyTo => new GetTopics(replyTo), Guarding.Limit, CancellationToken.None);
        topics.Tell(new Subscribe(new TestSubscriber(holder, "a") { Origin = holder }, this), ActorRefs.NoSender);
        await _registered.Task.Guard();
        using var subscriber = await bus.ConnectAsync();
        await subscriber.FlushAsync("SUB a 1\r\n");
        using var publisher = await bus.ConnectAsync();
        await publisher.SendAsync("SUB inbox 9\r\nPUB $BUS.PUB.a inbox 2\r\nhi\r\n");
        await _held.Task.Guard();

        bus.Connections.Tell(CloseAll.Instance, ActorRefs.NoSender);
        foreach (var client in new[] { subscriber, publisher }) await client.TakeUntilAsync("\"ldm\":true}\r\n");
        _release.Set();

        Assert.Equal("MSG a 1 2\r\nhi\r\n", await subscriber.ReadToEndAsync());
        // The confirmation goes by another way, through the actor of its own topic: it may come too late for this connection, which then is lost to the publisher without one.
        Assert.Contains(await publisher.ReadToEndAsync(), (string[])["MSG inbox 9 13\r\n{\"reached\":2}\r\n", ""]);
    }

    public void Dispose() => _release.Dispose();

    void IRegistrationWaiter.Registered(Subscriber subscriber) => _registered.TrySetResult();

    void IRegistrationWaiter.Refused(Subscriber subscriber, TopicRefusal refusal) => _registered.TrySetException(new InvalidOperationException(refusal.Text));

    private void Hold(object message)
    {
        _held.TrySetResult();
        _release.Wait(Guarding.Limit);
        ((Delivery)message).Dispose();
    }
}
